namespace PgDurable.Generators.Parsing;

/// <summary>The kind of token that surrounds a position in a SQL text.</summary>
internal enum SqlPlace
{
    /// <summary>Plain SQL.</summary>
    Plain,

    /// <summary>Plain SQL where only a name can stand, such as a table's after FROM.</summary>
    Name,

    /// <summary>A string literal <c>'…'</c>.</summary>
    Literal,

    /// <summary>A string literal <c>E'…'</c>.</summary>
    EscapeLiteral,

    /// <summary>A quoted identifier <c>"…"</c>.</summary>
    Identifier,

    /// <summary>A comment or a bit string, where references aren't replaced.</summary>
    Untouched,
}
