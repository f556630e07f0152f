namespace PgDurable;

/// <summary>What to do with all instances that match a query.</summary>
public enum BulkAction
{
    /// <summary>Cancel those that haven't ended.</summary>
    Cancel,

    /// <summary>End those that haven't ended, without undoing anything.</summary>
    Terminate,

    /// <summary>Retry those that failed, each from the step that failed.</summary>
    Retry,

    /// <summary>Pause those that haven't ended and aren't paused.</summary>
    Pause,

    /// <summary>Resume those that are paused.</summary>
    Resume,

    /// <summary>Send a signal to those that haven't ended.</summary>
    Signal,

    /// <summary>Remove the history of those that have ended.</summary>
    Delete,
}
