namespace PgDurable.Generators.Sql;

/// <summary>How firmly an expression names its column: a cast uses its type's name only if nothing inside it is firmer.</summary>
internal enum Naming
{
    /// <summary>It can't be known.</summary>
    Unknown,

    /// <summary>The column has no name: <c>?column?</c>.</summary>
    None,

    /// <summary>A cast or CASE.</summary>
    Weak,

    /// <summary>A column or a function.</summary>
    Firm,
}
