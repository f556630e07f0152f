using System.Text;
using PgDurable.Generators.Parsing;
using PgDurable.Sql;

namespace PgDurable.Generators.Sql;

/// <summary>The tokens of one statement, without whitespace and comments, and the matching pairs of parentheses and brackets.</summary>
internal sealed class TokenList
{
    // PostgreSQL truncates longer names; where it does so depends on the server's encoding.
    private const int MaxNameBytes = 63;

    private readonly string _sql;
    private readonly SqlToken[] _tokens;
    private readonly int[] _matches;

    private TokenList(string sql, SqlToken[] tokens, int[] matches) => (_sql, _tokens, _matches) = (sql, tokens, matches);

    public int Count => _tokens.Length;

    /// <summary>Returns null if the text isn't a single statement with everything closed.</summary>
    public static TokenList? Read(string sql)
    {
        var tokens = new List<SqlToken>();
        var lexer = new SqlLexer(sql);
        var ended = false;
        while (lexer.Read(out var token))
        {
            if (token.Error is not null)
                return null;

            // The rest of a literal that continues on the next line adds nothing.
            if (token.IsGap || token.IsContinuation)
                continue;
            if (token.Kind == SqlTokenKind.Semicolon && tokens.Count > 0)
                ended = true;
            else if (token.Kind != SqlTokenKind.Semicolon && ended)
                return null;
            else if (token.Kind != SqlTokenKind.Semicolon)
                tokens.Add(token);
        }

        var all = tokens.ToArray();
        return tokens.Count > 0 && Match(sql, all) is { } matches ? new(sql, all, matches) : null;
    }

    /// <summary>The position that closes an opening parenthesis or bracket.</summary>
    public int MatchOf(int index) => _matches[index];

    /// <summary>Whether the token is an unquoted word, in any case.</summary>
    public bool IsWord(int index, string word) => index >= 0 && index < Count && _tokens[index].IsKeyword(_sql, word);

    /// <summary>The unquoted word in uppercase; null for any other token.</summary>
    public string? WordAt(int index) =>
        KindAt(index) == SqlTokenKind.Identifier ? _tokens[index].TextIn(_sql).ToUpperInvariant() : null;

    public bool IsSymbol(int index, string symbol) =>
        index >= 0 && index < Count && _tokens[index].End - _tokens[index].Start == symbol.Length
        && string.CompareOrdinal(_sql, _tokens[index].Start, symbol, 0, symbol.Length) == 0;

    public bool IsPlaceholder(int index) => IsSymbol(index, SqlPlaces.Placeholder.ToString());

    public SqlTokenKind? KindAt(int index) => index >= 0 && index < Count ? _tokens[index].Kind : null;

    public string TextAt(int index) => _tokens[index].TextIn(_sql);

    public bool IsName(int index) =>
        KindAt(index) is SqlTokenKind.Identifier or SqlTokenKind.QuotedIdentifier or SqlTokenKind.UnicodeIdentifier;

    /// <summary>The name that PostgreSQL reads a token as; null if that can't be known.</summary>
    public string? NameAt(int index)
    {
        var token = _tokens[index];
        string name;
        if (token.Kind == SqlTokenKind.Identifier)
        {
            name = Fold(token.TextIn(_sql));
            if (name.Any(c => c > '\x7f' && char.IsUpper(c)))
                return null;
        }
        else if (token.Kind == SqlTokenKind.QuotedIdentifier)
        {
            name = _sql.Substring(token.ContentStart, token.ContentEnd - token.ContentStart).Replace("\"\"", "\"");

            // An interpolation, or a reference that is filled in when the step runs.
            if (name.IndexOfAny([SqlPlaces.Placeholder, '$', '{']) >= 0)
                return null;
        }
        else
        {
            return null;
        }

        return Encoding.UTF8.GetByteCount(name) <= MaxNameBytes ? name : null;
    }

    /// <summary>Whether a keyword in this place is a plain name: <c>x AS from</c>, <c>t.from</c>.</summary>
    public bool IsLabel(int index) => IsSymbol(index - 1, ".") || (IsWord(index - 1, "AS") && !IsLabel(index - 1));

    // Only ASCII: what else PostgreSQL folds depends on the server's encoding.
    private static string Fold(string name)
    {
        var folded = new StringBuilder(name.Length);
        foreach (var c in name)
            folded.Append(c is >= 'A' and <= 'Z' ? (char)(c + ('a' - 'A')) : c);
        return folded.ToString();
    }

    private static int[]? Match(string sql, SqlToken[] tokens)
    {
        var matches = new int[tokens.Length];
        var open = new Stack<int>();
        for (var i = 0; i < tokens.Length; i++)
        {
            switch (sql[tokens[i].Start])
            {
                case '(' or '[' when tokens[i].End - tokens[i].Start == 1:
                    open.Push(i);
                    break;
                case ')' or ']' when tokens[i].End - tokens[i].Start == 1:
                    if (open.Count == 0 || (sql[tokens[open.Peek()].Start] == '(') != (sql[tokens[i].Start] == ')'))
                        return null;
                    matches[open.Pop()] = i;
                    break;
            }
        }

        return open.Count == 0 ? matches : null;
    }
}
