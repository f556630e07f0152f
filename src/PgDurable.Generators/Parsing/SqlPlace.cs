namespace PgDurable.Generators.Parsing;

/// <summary>What a position in a SQL text is part of.</summary>
internal enum SqlPlace
{
    /// <summary>Plain SQL.</summary>
    Plain,

    /// <summary>A string literal <c>'…'</c>.</summary>
    Literal,

    /// <summary>A string literal <c>E'…'</c>.</summary>
    EscapeLiteral,

    /// <summary>A quoted identifier <c>"…"</c>.</summary>
    Identifier,

    /// <summary>A comment or a bit string, where no reference is replaced.</summary>
    Untouched,
}
