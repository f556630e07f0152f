namespace PgDurable.Testing;

/// <summary>One path through a workflow.</summary>
public sealed record WorkflowPath
{
    /// <summary>The path's number, starting at 1.</summary>
    public required int Number { get; init; }

    /// <summary>
    /// The choices that define the path, such as <c>order: no rows</c>, <c>approval: times out</c> or <c>publish: fails (P0001)</c>.
    /// </summary>
    public required IReadOnlyList<string> Choices { get; init; }

    /// <summary>The names of the steps and waits that ended, in order.</summary>
    public required IReadOnlyList<string> Steps { get; init; }

    /// <summary>
    /// How the workflow ended, or <see cref="WorkflowStatus.Running"/> for an endless loop, which isn't followed beyond two iterations.
    /// </summary>
    public required WorkflowStatus Status { get; init; }

    /// <summary>The error, or null if it didn't fail.</summary>
    public required TestError? Error { get; init; }

    /// <summary>Whether a step was made to fail on this path.</summary>
    public required bool HasFailure { get; init; }

    /// <summary>Whether the workflow failed with an error that nothing handles, other than by a FAIL step of its own.</summary>
    public required bool EndsInUnhandledError { get; init; }

    /// <summary>A readable log of what happened.</summary>
    public required string Trace { get; init; }

    /// <summary>Returns one line with the choices and the end.</summary>
    public override string ToString() => $"{Number}. {(Choices.Count == 0 ? "no choices" : string.Join(", ", Choices))} ⇒ {End}";

    private string End => Status switch
    {
        WorkflowStatus.Failed =>
            $"failed with {Error!.SqlState}{(Error.Step is null ? "" : $" at {Error.Step}")}: {Running.RunLog.Short(Error.Message)}",
        WorkflowStatus.Running => "runs forever",
        _ => "completed",
    };
}
