namespace PgDurable;

/// <summary>Thrown when the awaited instance failed. Its properties hold what <c>df.error</c> returns.</summary>
public sealed class WorkflowFailedException : Exception
{
    internal WorkflowFailedException(string instanceId, WorkflowError error)
        : base(Describe(instanceId, error))
    {
        InstanceId = instanceId;
        SqlState = error.SqlState;
        Step = error.Step;
        Detail = error.Detail;
        Hint = error.Hint;
        Sql = error.Sql;
        SourceLocation = error.Source;
        Reason = error.Message;
    }

    /// <summary>The instance's id.</summary>
    public string InstanceId { get; }

    /// <summary>The error's primary message, without the id and the step that <see cref="Exception.Message"/> adds.</summary>
    public string Reason { get; }

    /// <summary>The SQLSTATE, or null if the error has none.</summary>
    public string? SqlState { get; }

    /// <summary>The name of the failed step, or null if it has none.</summary>
    public string? Step { get; }

    /// <summary>The error's detail, or null if it has none.</summary>
    public string? Detail { get; }

    /// <summary>A hint about what to do, or null if there is none.</summary>
    public string? Hint { get; }

    /// <summary>The SQL as it ran, with the values filled in.</summary>
    public string? Sql { get; }

    /// <summary>The source location of the failed step, such as <c>Orders/OrderApproval.cs:21</c>, or null if it is unknown.</summary>
    public string? SourceLocation { get; }

    private static string Describe(string instanceId, WorkflowError error)
    {
        var text = $"Workflow instance '{instanceId}' failed";
        if (error.Step is not null)
            text += $" at step '{error.Step}'";
        if (error.Source is not null)
            text += $" ({error.Source})";
        text += $": {error.Message}";
        if (error.SqlState is not null)
            text += $" (SQLSTATE {error.SqlState})";
        if (error.Detail is not null)
            text += $"\nDetail: {error.Detail}";
        if (error.Hint is not null)
            text += $"\nHint: {error.Hint}";
        return text;
    }
}
