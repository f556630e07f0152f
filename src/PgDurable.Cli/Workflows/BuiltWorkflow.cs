namespace PgDurable.Cli.Workflows;

/// <summary>A workflow of a build, with what its C# types say.</summary>
/// <param name="Registrant">What is registered.</param>
/// <param name="Input">By field of the input: how a value of it looks in SQL, where that has a type of its own.</param>
/// <param name="Result">What the result is read into; empty when there is none, or it is not known.</param>
internal sealed record BuiltWorkflow(Registrant Registrant, IReadOnlyDictionary<string, string> Input, IReadOnlyList<ResultProperty> Result);

/// <summary>A property that a column of the result is read into.</summary>
/// <param name="Column">The column's name; null for the only column.</param>
/// <param name="Property">As people know it.</param>
/// <param name="Family">What it can be read from.</param>
internal sealed record ResultProperty(string? Column, string Property, TypeFamily Family);

/// <summary>Types that are read from each other, seen from far away.</summary>
internal enum TypeFamily
{
    /// <summary>Anything else: not compared.</summary>
    Other,

    /// <summary>Numbers.</summary>
    Number,

    /// <summary>Truth values.</summary>
    Boolean,

    /// <summary>What JSON writes as a string: texts, dates, uuids.</summary>
    Text,
}
