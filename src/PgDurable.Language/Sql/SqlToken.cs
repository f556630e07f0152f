namespace PgDurable.Sql;

/// <summary>A piece of SQL text. The texts of all tokens together are the input.</summary>
internal readonly struct SqlToken
{
    public SqlToken(SqlTokenKind kind, int start, int end)
        : this(kind, start, end, start, end, false, null)
    {
    }

    public SqlToken(SqlTokenKind kind, int start, int end, int contentStart, int contentEnd, bool isContinuation, string? error)
    {
        Kind = kind;
        Start = start;
        End = end;
        ContentStart = contentStart;
        ContentEnd = contentEnd;
        IsContinuation = isContinuation;
        Error = error;
    }

    public SqlTokenKind Kind { get; }

    public int Start { get; }

    public int End { get; }

    /// <summary>Where the text between the quotes starts, or the token's start if it has no quotes.</summary>
    public int ContentStart { get; }

    /// <summary>Where the text between the quotes ends.</summary>
    public int ContentEnd { get; }

    /// <summary>A literal that continues after a line break: it has no prefix, but is of the same kind as the part before it.</summary>
    public bool IsContinuation { get; }

    /// <summary>The error if the token is unterminated, or null.</summary>
    public string? Error { get; }

    public bool IsGap => Kind is SqlTokenKind.Whitespace or SqlTokenKind.LineComment or SqlTokenKind.BlockComment;

    /// <summary>A single-quoted literal of any kind.</summary>
    public bool IsQuotedLiteral => Kind is >= SqlTokenKind.String and <= SqlTokenKind.HexString;

    public string TextIn(string sql) => sql.Substring(Start, End - Start);

    /// <summary>An unquoted name equal to <paramref name="keyword"/>, in any case.</summary>
    public bool IsKeyword(string sql, string keyword) =>
        Kind == SqlTokenKind.Identifier
        && End - Start == keyword.Length
        && string.Compare(sql, Start, keyword, 0, keyword.Length, StringComparison.OrdinalIgnoreCase) == 0;
}
