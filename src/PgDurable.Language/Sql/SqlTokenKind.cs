namespace PgDurable.Sql;

/// <summary>What PostgreSQL's lexer makes of a piece of SQL text.</summary>
internal enum SqlTokenKind
{
    Whitespace,

    /// <summary><c>-- …</c> without the end of the line.</summary>
    LineComment,

    /// <summary><c>/* … */</c>, nested.</summary>
    BlockComment,

    /// <summary>A name or a keyword.</summary>
    Identifier,

    /// <summary><c>"…"</c></summary>
    QuotedIdentifier,

    /// <summary><c>U&amp;"…"</c></summary>
    UnicodeIdentifier,

    /// <summary><c>'…'</c>, backslashes are ordinary characters.</summary>
    String,

    /// <summary><c>E'…'</c></summary>
    EscapeString,

    /// <summary><c>N'…'</c></summary>
    NationalString,

    /// <summary><c>U&amp;'…'</c></summary>
    UnicodeString,

    /// <summary><c>B'…'</c></summary>
    BitString,

    /// <summary><c>X'…'</c></summary>
    HexString,

    /// <summary><c>$tag$ … $tag$</c></summary>
    DollarString,

    Number,

    /// <summary><c>$1</c></summary>
    Parameter,

    /// <summary>A <c>$</c> that starts neither a parameter nor a dollar quote.</summary>
    Dollar,

    Operator,

    /// <summary><c>,</c> <c>.</c> <c>[</c> <c>]</c> <c>:</c> <c>::</c> and the like.</summary>
    Punctuation,

    OpenParenthesis,

    CloseParenthesis,

    Semicolon,

    /// <summary>A character that PostgreSQL's lexer doesn't know.</summary>
    Other,
}
