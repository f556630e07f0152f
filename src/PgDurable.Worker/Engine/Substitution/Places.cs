using PgDurable.Sql;

namespace PgDurable.Worker.Engine.Substitution;

/// <summary>Follows a statement during its substitution, and knows the context of the current position.</summary>
internal sealed class Places(string sql)
{
    // For each depth of parentheses and brackets: whether the list is that of a SELECT or RETURNING.
    readonly Stack<bool> _lists = new();
    bool _inColumns;
    bool _startsColumn;
    bool _maySort;
    bool _mayBePosition;
    bool _afterConcatenation;

    /// <summary>Takes each token that isn't a gap, and remembers what may follow.</summary>
    public void See(in SqlToken token)
    {
        var isComma = token.Kind == SqlTokenKind.Punctuation && sql[token.Start] == ',';
        // ORDER BY 2, GROUP BY a, 2, GROUPING SETS ((2)), DISTINCT ON (2), ORDER BY -2: there, a literal is a column's number or an error;
        // a parameter is a value.
        var sorts = token.IsKeyword(sql, "by") || token.IsKeyword(sql, "distinct");
        _maySort |= sorts;
        _mayBePosition = sorts || token.IsKeyword(sql, "all") || token.Kind == SqlTokenKind.OpenParenthesis || isComma
            || (token.Kind == SqlTokenKind.Operator && sql[token.End - 1] is '-' or '+' && _mayBePosition);
        _afterConcatenation = IsConcatenation(token);
        SeeColumns(token, isComma);
    }

    /// <summary>The context of a reference that ends at <paramref name="end"/>.</summary>
    public ValuePlace At(int end, bool isolate, bool isStatement)
    {
        var lexer = new SqlLexer(sql);
        lexer.MoveTo(end);
        SqlToken next;
        bool isRead;
        do
            isRead = lexer.Read(out next);
        while (isRead && next.IsGap);
        return new ValuePlace(
            isolate,
            _afterConcatenation || (isRead && IsConcatenation(next)),
            _maySort && _mayBePosition,
            isStatement && _startsColumn && (!isRead || EndsColumn(next)));
    }

    void SeeColumns(in SqlToken token, bool isComma)
    {
        var opens = token.Kind == SqlTokenKind.Identifier && (token.IsKeyword(sql, "select") || token.IsKeyword(sql, "returning"));
        _startsColumn = opens || (isComma && _inColumns)
            || (_startsColumn && (token.IsKeyword(sql, "all") || token.IsKeyword(sql, "distinct")));
        if (opens)
            _inColumns = true;
        else if (token.Kind == SqlTokenKind.OpenParenthesis || IsPunctuation(token, '['))
        {
            _lists.Push(_inColumns);
            _inColumns = false;
        }
        else if (token.Kind == SqlTokenKind.CloseParenthesis || IsPunctuation(token, ']'))
            _inColumns = _lists.TryPop(out var outer) && outer;
        else if (token.Kind == SqlTokenKind.Identifier && EndsColumn(token))
            _inColumns = false;
    }

    bool IsPunctuation(in SqlToken token, char c) => token.Kind == SqlTokenKind.Punctuation && sql[token.Start] == c;

    bool IsConcatenation(in SqlToken token) =>
        token.Kind == SqlTokenKind.Operator && token.End - token.Start == 2 && string.CompareOrdinal(sql, token.Start, "||", 0, 2) == 0;

    /// <summary>Whether a token ends a column. The words are reserved: none of them can be a column's name.</summary>
    bool EndsColumn(in SqlToken token) => token.Kind switch
    {
        SqlTokenKind.CloseParenthesis or SqlTokenKind.Semicolon => true,
        SqlTokenKind.Punctuation => sql[token.Start] == ',',
        SqlTokenKind.Identifier => sql[token.Start..token.End].ToUpperInvariant()
            is "FROM" or "WHERE" or "GROUP" or "HAVING" or "WINDOW" or "UNION" or "INTERSECT"
            or "EXCEPT" or "ORDER" or "LIMIT" or "OFFSET" or "FETCH" or "FOR" or "INTO",
        _ => false,
    };
}
