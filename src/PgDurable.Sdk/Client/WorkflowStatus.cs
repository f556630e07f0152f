namespace PgDurable;

/// <summary>Where an instance is in its life.</summary>
public enum WorkflowStatus
{
    /// <summary>Started; no worker has taken it yet.</summary>
    Pending,

    /// <summary>A worker has taken it; it runs or waits.</summary>
    Running,

    /// <summary>All steps are done; the result can be read.</summary>
    Completed,

    /// <summary>A step failed; the error can be read.</summary>
    Failed,

    /// <summary>Somebody cancelled it.</summary>
    Cancelled,
}
