namespace PgDurable;

/// <summary>The status of an instance.</summary>
public enum WorkflowStatus
{
    /// <summary>It was started, but no worker has picked it up yet.</summary>
    Pending,

    /// <summary>A worker has picked it up. It runs or waits.</summary>
    Running,

    /// <summary>It completed. Its result is available.</summary>
    Completed,

    /// <summary>It failed. Its error is available.</summary>
    Failed,

    /// <summary>It was cancelled.</summary>
    Cancelled,
}
