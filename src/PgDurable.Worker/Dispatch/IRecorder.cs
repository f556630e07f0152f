using PgDurable.Worker.Store;

namespace PgDurable.Worker.Dispatch;

/// <summary>Writes what does not commit together with a step; for each instance in the order in which it was asked for.</summary>
internal interface IRecorder
{
    /// <summary>Records; <paramref name="done"/> hears whether it was written. It was not when the instance is somebody else's now, or locked.</summary>
    void Record(InstanceRecord record, Action<bool> done);

    /// <summary>Puts an instance aside; <paramref name="done"/> hears whether that was done. It was not when something new has come for it, or it is locked.</summary>
    void Park(ParkedInstance parked, Action<bool> done);
}
