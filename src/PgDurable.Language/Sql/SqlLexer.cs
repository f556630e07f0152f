namespace PgDurable.Sql;

/// <summary>Splits SQL text the way PostgreSQL's lexer does, with <c>standard_conforming_strings</c> on.</summary>
/// <remarks>It never fails: unterminated text becomes a token with an error, up to the end of the text.</remarks>
internal sealed partial class SqlLexer
{
    readonly string _sql;
    int _position;

    // A literal continues in the next one if only blanks and line comments with at least one line break stand between
    // them, and then the second one is read like the first: E'…' makes backslashes in it special.
    SqlTokenKind? _previousLiteral;
    bool _lineBreakSinceLiteral;

    public SqlLexer(string sql) => _sql = sql;

    /// <summary>Moves to another place, where no literal continues.</summary>
    public void MoveTo(int position)
    {
        _position = position;
        _previousLiteral = null;
    }

    /// <summary>Whether the last token, except for blanks and line comments, was a single-quoted literal.</summary>
    public bool IsAfterLiteral => _previousLiteral != null;

    public bool Read(out SqlToken token)
    {
        if (_position >= _sql.Length)
        {
            token = default;
            return false;
        }
        token = ReadToken(_position, _sql[_position]);
        _position = token.End;
        RememberLiteral(token);
        return true;
    }

    void RememberLiteral(SqlToken token)
    {
        if (token.IsQuotedLiteral)
        {
            _previousLiteral = token.Kind;
            _lineBreakSinceLiteral = false;
        }
        else if (token.Kind == SqlTokenKind.Whitespace)
        {
            if (_previousLiteral != null && _sql.IndexOfAny(LineEnds, token.Start, token.End - token.Start) >= 0)
                _lineBreakSinceLiteral = true;
        }
        else if (token.Kind != SqlTokenKind.LineComment)
        {
            _previousLiteral = null;
        }
    }

    static readonly char[] LineEnds = { '\n', '\r' };

    SqlToken ReadToken(int start, char c)
    {
        if (SqlCharacters.IsSpace(c))
            return Run(SqlTokenKind.Whitespace, start, SqlCharacters.IsSpace);
        if (SqlCharacters.IsNameStart(c))
            return ReadName(start, c);
        switch (c)
        {
            case '\'':
                return _previousLiteral is { } kind && _lineBreakSinceLiteral
                    ? ReadQuoted(kind, start, start + 1, isContinuation: true)
                    : ReadQuoted(SqlTokenKind.String, start, start + 1);
            case '"':
                return ReadQuoted(SqlTokenKind.QuotedIdentifier, start, start + 1);
            case '$':
                return ReadDollar(start);
            case '(':
                return new SqlToken(SqlTokenKind.OpenParenthesis, start, start + 1);
            case ')':
                return new SqlToken(SqlTokenKind.CloseParenthesis, start, start + 1);
            case ';':
                return new SqlToken(SqlTokenKind.Semicolon, start, start + 1);
            case '-' when At(start + 1) == '-':
                return Run(SqlTokenKind.LineComment, start, static c => !SqlCharacters.IsLineEnd(c));
            case '/' when At(start + 1) == '*':
                return ReadBlockComment(start);
        }
        if (SqlCharacters.IsDigit(c) || (c == '.' && SqlCharacters.IsDigit(At(start + 1))))
            return ReadNumber(start);
        if (SqlCharacters.IsOperator(c))
            return ReadOperator(start);
        return ReadPunctuation(start, c);
    }

    /// <summary>The character at a position, or NUL after the end: NUL belongs to no class.</summary>
    char At(int position) => position < _sql.Length ? _sql[position] : '\0';

    SqlToken Run(SqlTokenKind kind, int start, Func<char, bool> belongs)
    {
        var end = start + 1;
        while (end < _sql.Length && belongs(_sql[end]))
            end++;
        return new SqlToken(kind, start, end);
    }

    SqlToken ReadName(int start, char c)
    {
        var next = At(start + 1);
        if (next == '\'' && LiteralKind(c) is { } kind)
            return ReadQuoted(kind, start, start + 2);
        if (next == '&' && c is ('U' or 'u'))
        {
            if (At(start + 2) == '\'')
                return ReadQuoted(SqlTokenKind.UnicodeString, start, start + 3);
            if (At(start + 2) == '"')
                return ReadQuoted(SqlTokenKind.UnicodeIdentifier, start, start + 3);
        }
        return Run(SqlTokenKind.Identifier, start, SqlCharacters.IsNamePart);
    }

    static SqlTokenKind? LiteralKind(char prefix) => prefix switch
    {
        'E' or 'e' => SqlTokenKind.EscapeString,
        'N' or 'n' => SqlTokenKind.NationalString,
        'B' or 'b' => SqlTokenKind.BitString,
        'X' or 'x' => SqlTokenKind.HexString,
        _ => null,
    };
}
