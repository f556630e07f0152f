namespace PgDurable;

/// <summary>The instance that was waited for has failed. Everything here is what <c>df.error</c> returns.</summary>
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

    /// <summary>The instance.</summary>
    public string InstanceId { get; }

    /// <summary>The primary message of the error, without the id and the step that <see cref="Exception.Message"/> adds.</summary>
    public string Reason { get; }

    /// <summary>The SQLSTATE, when the database reported the error.</summary>
    public string? SqlState { get; }

    /// <summary>The name of the failed step, when it has one.</summary>
    public string? Step { get; }

    /// <summary>The detail that the database added.</summary>
    public string? Detail { get; }

    /// <summary>What to do about it.</summary>
    public string? Hint { get; }

    /// <summary>The SQL as it ran, with the values in place.</summary>
    public string? Sql { get; }

    /// <summary>The C# file and line that the failed step comes from, such as <c>Orders/OrderApproval.cs:21</c>; null when they are not known.</summary>
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
