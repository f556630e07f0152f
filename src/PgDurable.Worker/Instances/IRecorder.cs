using PgDurable.Worker.Store;

namespace PgDurable.Worker.Instances;

/// <summary>Writes what does not commit together with a step; for each instance in the order in which it was asked for.</summary>
internal interface IRecorder
{
    /// <summary>Records; <paramref name="done"/> hears whether it was written. It was not when the instance is somebody else's now, or locked.</summary>
    void Record(InstanceRecord record, Action<Recorded> done);

    /// <summary>Puts an instance aside; <paramref name="done"/> hears whether that was done. It was not when something new has come for it, or it is locked.</summary>
    void Park(ParkedInstance parked, Action<Recorded> done);
}

/// <summary>What became of a request to record.</summary>
/// <param name="IsWritten">It was written.</param>
/// <param name="Problem">Why it can't be, whoever asks again; NULL when only the moment was wrong.</param>
internal readonly record struct Recorded(bool IsWritten, Exception? Problem = null)
{
    public static implicit operator Recorded(bool isWritten) => new(isWritten);
}
