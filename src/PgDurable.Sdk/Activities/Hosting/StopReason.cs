namespace PgDurable;

/// <summary>Why a running activity was asked to stop.</summary>
internal enum StopReason
{
    None,

    /// <summary>The task has ended, or its lease ran out: the result is no longer wanted.</summary>
    Lost,

    /// <summary>The step's time is up.</summary>
    Deadline,

    /// <summary>The application stops.</summary>
    Shutdown,
}
