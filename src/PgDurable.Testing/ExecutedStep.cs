using System.Text.Json;
using PgDurable.Graph;

namespace PgDurable.Testing;

/// <summary>One execution of a step: a statement, a request, an activity or a child workflow.</summary>
public sealed record ExecutedStep
{
    /// <summary>
    /// The name of its result, or else an activity's name, the beginning of its SQL (at most 60 characters), or its kind.
    /// </summary>
    public required string Name { get; init; }

    /// <summary>The name of the workflow that it belongs to. Empty for a graph without a name.</summary>
    public required string Workflow { get; init; }

    /// <summary>The kind of node.</summary>
    public required NodeKind Kind { get; init; }

    /// <summary>The node's number in pre-order, starting at 0.</summary>
    public required int Node { get; init; }

    /// <summary>The loop iterations, items and attempts that enclose it. Empty if there are none.</summary>
    public required string Path { get; init; }

    /// <summary>
    /// The statement as it ran, with values in place of references. For a request, its method and URL; for an activity or a child
    /// workflow, its name.
    /// </summary>
    public required string Sql { get; init; }

    /// <summary>The activity's name, or null if the step isn't an activity.</summary>
    public string? Activity { get; init; }

    /// <summary>The activity's input as JSON, or null if the step isn't an activity.</summary>
    public string? InputJson { get; init; }

    /// <summary>How often the step has run, including this time.</summary>
    public required int Attempt { get; init; }

    /// <summary>When it ended, as the virtual time since the start.</summary>
    public required TimeSpan At { get; init; }

    /// <summary>Its result as JSON, or null if it has none.</summary>
    public string? ResultJson { get; init; }

    /// <summary>The error, or null if it didn't fail.</summary>
    public TestError? Error { get; init; }

    /// <summary>
    /// Whether a crash came before the commit. A statement was rolled back; a request may be sent again; an activity is delivered again.
    /// </summary>
    public bool Crashed { get; init; }

    /// <summary>
    /// Whether the step needs no database, and the test doesn't answer it: a SELECT of constants, such as a condition or another expression
    /// of C#.
    /// </summary>
    public bool IsComputed { get; init; }

    internal Node Definition { get; init; } = null!;

    /// <summary>The rows of its result. Empty if it has none.</summary>
    public IReadOnlyList<JsonElement> Rows =>
        ResultJson is not null && JsonElement.Parse(ResultJson) is { ValueKind: JsonValueKind.Object } result
            && result.TryGetProperty("rows", out var rows)
            && rows.ValueKind == JsonValueKind.Array
            ? [.. rows.EnumerateArray()]
            : [];
}
