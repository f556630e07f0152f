using System.Text.Json;
using PgDurable.Graph;

namespace PgDurable.Testing;

/// <summary>One run of a step: of a statement, a request or a child workflow.</summary>
public sealed record ExecutedStep
{
    /// <summary>The name of its result, or else how its SQL begins (at most 60 characters), or its kind.</summary>
    public required string Name { get; init; }

    /// <summary>The workflow that it belongs to; empty for a graph without a name.</summary>
    public required string Workflow { get; init; }

    /// <summary>What kind of node it is.</summary>
    public required NodeKind Kind { get; init; }

    /// <summary>Its node's number, from 0 in pre-order.</summary>
    public required int Node { get; init; }

    /// <summary>The loop iterations, items and attempts above it; empty outside of them.</summary>
    public required string Path { get; init; }

    /// <summary>
    /// The statement as it ran, with values in the place of references; for a request its method and URL, for a child workflow its name.
    /// </summary>
    public required string Sql { get; init; }

    /// <summary>Which run of the step this is, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>When it ended, in virtual time since the start.</summary>
    public required TimeSpan At { get; init; }

    /// <summary>Its result as JSON; null when it has none.</summary>
    public string? ResultJson { get; init; }

    /// <summary>Why it failed; null when it did not.</summary>
    public TestError? Error { get; init; }

    /// <summary>The worker died before it could commit: what it did was rolled back, or, for a request, may happen again.</summary>
    public bool Crashed { get; init; }

    /// <summary>The rows of its result; empty when it has none.</summary>
    public IReadOnlyList<JsonElement> Rows =>
        ResultJson is not null && JsonElement.Parse(ResultJson) is { ValueKind: JsonValueKind.Object } result
            && result.TryGetProperty("rows", out var rows)
            && rows.ValueKind == JsonValueKind.Array
            ? [.. rows.EnumerateArray()]
            : [];
}
