using PgDurable.Graph;

namespace PgDurable.Cli.Workflows;

/// <summary>A workflow of a built assembly, with what its C# types tell.</summary>
/// <param name="Registrant">The data to register.</param>
/// <param name="Input">A sample SQL value of each input field that has a type of its own in SQL.</param>
/// <param name="Result">The properties that the result is read into. Empty if there is no result, or it is unknown.</param>
internal sealed record BuiltWorkflow(
    Registrant Registrant, IReadOnlyDictionary<string, string> Input, IReadOnlyList<ResultProperty> Result)
{
    /// <summary>Returns a node's C# file and line, or null if they are unknown.</summary>
    public string? SourceOf(Node node) => node.Number < Registrant.Sources.Count ? Registrant.Sources[node.Number] : null;
}

/// <summary>A property that a column of the result is read into.</summary>
/// <param name="Column">The column's name, or null for the only column.</param>
/// <param name="Property">The property's name, for messages.</param>
/// <param name="Family">The types that it can be read from.</param>
internal sealed record ResultProperty(string? Column, string Property, TypeFamily Family);

/// <summary>Groups of types that can be read from each other.</summary>
internal enum TypeFamily
{
    /// <summary>Any other type. It isn't compared.</summary>
    Other,

    /// <summary>Numbers.</summary>
    Number,

    /// <summary>Booleans.</summary>
    Boolean,

    /// <summary>Types that JSON writes as strings, such as texts, dates and UUIDs.</summary>
    Text,
}
