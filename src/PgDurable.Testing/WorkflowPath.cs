namespace PgDurable.Testing;

/// <summary>One way through a workflow.</summary>
public sealed record WorkflowPath
{
    /// <summary>Its number, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>What made it this one: <c>order: no rows</c>, <c>approval: times out</c>, <c>publish: fails (P0001)</c>.</summary>
    public required IReadOnlyList<string> Choices { get; init; }

    /// <summary>The names of the steps and waits that ended, in order.</summary>
    public required IReadOnlyList<string> Steps { get; init; }

    /// <summary>How it ended; <see cref="WorkflowStatus.Running"/> for an endless loop that was left after two rounds.</summary>
    public required WorkflowStatus Status { get; init; }

    /// <summary>Why it failed; null when it did not.</summary>
    public required TestError? Error { get; init; }

    /// <summary>A step was made to fail on this path.</summary>
    public required bool HasFailure { get; init; }

    /// <summary>It failed, and not because a FAIL of its own says so: nothing handles the error.</summary>
    public required bool EndsInUnhandledError { get; init; }

    /// <summary>What happened, for people to read.</summary>
    public required string Trace { get; init; }

    /// <summary>One line: the choices and the end.</summary>
    public override string ToString() => $"{Number}. {(Choices.Count == 0 ? "straight on" : string.Join(", ", Choices))} ⇒ {End}";

    private string End => Status switch
    {
        WorkflowStatus.Failed =>
            $"failed with {Error!.SqlState}{(Error.Step is null ? "" : $" at {Error.Step}")}: {Running.RunLog.Short(Error.Message)}",
        WorkflowStatus.Running => "goes on for ever",
        _ => "completed",
    };
}
