namespace PgDurable.Sql;

/// <summary>Reads a text statement by statement, skipping empty ones.</summary>
internal sealed class SqlStatementReader
{
    readonly string _sql;
    readonly SqlLexer _lexer;
    readonly string?[] _words = new string?[4];
    int _tokens;
    int _parentheses;
    int _blocks;
    bool _afterBegin;
    bool _nameExpected;

    public SqlStatementReader(string sql)
    {
        _sql = sql;
        _lexer = new SqlLexer(sql);
    }

    /// <summary>The first unterminated token, if any.</summary>
    public SqlToken? Unterminated { get; private set; }

    /// <summary>The first parameter such as <c>$1</c> outside the body of a routine, if any.</summary>
    public SqlToken? Parameter { get; private set; }

    public bool Read(out SqlStatement statement)
    {
        Reset();
        while (_lexer.Read(out var token))
        {
            if (token.Error != null)
                Unterminated ??= token;
            if (token.IsGap)
                continue;
            if (token.Kind == SqlTokenKind.Semicolon && _parentheses == 0 && _blocks == 0)
            {
                if (_tokens > 0)
                    break;
                continue;
            }
            Track(token);
        }
        statement = new SqlStatement(_words[0], _words[1]);
        return _tokens > 0;
    }

    void Reset()
    {
        Array.Clear(_words, 0, _words.Length);
        _tokens = 0;
        _parentheses = 0;
        _blocks = 0;
        _afterBegin = false;
        _nameExpected = false;
    }

    void Track(SqlToken token)
    {
        if (_tokens < _words.Length && token.Kind == SqlTokenKind.Identifier)
            _words[_tokens] = token.TextIn(_sql).ToUpperInvariant();
        _tokens++;
        if (token.Kind == SqlTokenKind.Parameter && !CreatesRoutine())
            Parameter ??= token;

        if (token.Kind == SqlTokenKind.OpenParenthesis)
            _parentheses++;
        else if (token.Kind == SqlTokenKind.CloseParenthesis && _parentheses > 0)
            _parentheses--;
        else if (token.Kind == SqlTokenKind.Identifier && !_nameExpected)
            TrackBlock(token);

        var begins = _parentheses == 0 && !_nameExpected && token.IsKeyword(_sql, "BEGIN");
        _afterBegin = begins;
        // After these a keyword is a plain name: `x AS end`, `t.case`.
        _nameExpected = token.IsKeyword(_sql, "AS") || (token.Kind == SqlTokenKind.Punctuation && _sql[token.Start] == '.');
    }

    /// <summary>The semicolons in the body of a function, <c>BEGIN ATOMIC … END</c>, do not end the statement.</summary>
    void TrackBlock(SqlToken token)
    {
        if (_blocks == 0)
        {
            if (_afterBegin && token.IsKeyword(_sql, "ATOMIC") && CreatesRoutine())
                _blocks = 1;
        }
        else if (token.IsKeyword(_sql, "CASE"))
        {
            _blocks++;
        }
        else if (token.IsKeyword(_sql, "END"))
        {
            _blocks--;
        }
    }

    bool CreatesRoutine()
    {
        if (_words[0] != "CREATE")
            return false;
        var kind = _words[1] == "OR" && _words[2] == "REPLACE" ? _words[3] : _words[1];
        return kind is "FUNCTION" or "PROCEDURE";
    }
}
