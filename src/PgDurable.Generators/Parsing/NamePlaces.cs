using PgDurable.Sql;

namespace PgDurable.Generators.Parsing;

/// <summary>Tells, token by token, where SQL wants a name: after a dot, and after keywords such as FROM, JOIN, INTO and UPDATE.</summary>
/// <param name="text">The SQL.</param>
internal sealed class NamePlaces(string text)
{
    private static readonly HashSet<string> Keywords = new(StringComparer.OrdinalIgnoreCase)
    {
        "FROM", "JOIN", "INTO", "UPDATE", "TABLE", "VIEW", "INDEX", "SEQUENCE", "SCHEMA", "TRUNCATE", "REFERENCES",
    };

    // They stand between such a keyword and the name.
    private static readonly HashSet<string> Between = new(StringComparer.OrdinalIgnoreCase)
    {
        "ONLY", "LATERAL", "IF", "NOT", "EXISTS", "CONCURRENTLY",
    };

    // FROM in these is followed by a value: extract(year FROM x), trim(both FROM x), substring(x FROM 2).
    private static readonly HashSet<string> Functions = new(StringComparer.OrdinalIgnoreCase)
    {
        "EXTRACT", "TRIM", "SUBSTRING", "OVERLAY", "POSITION",
    };

    // They end the list of tables that FROM begins.
    private static readonly HashSet<string> Ends = new(StringComparer.OrdinalIgnoreCase)
    {
        "SELECT", "WHERE", "GROUP", "HAVING", "WINDOW", "ORDER", "LIMIT", "OFFSET", "FETCH", "FOR", "UNION", "INTERSECT", "EXCEPT", "SET",
        "VALUES", "RETURNING",
    };

    // For each open parenthesis, whether it belongs to one of these functions, and whether a list of tables surrounds it.
    private readonly Stack<(bool IsFunction, bool IsInTables)> _parentheses = new();
    private bool _isFunction;
    private bool _isInTables;
    private string _before = "";
    private string _last = "";
    private bool _isKeyword;

    /// <summary>Whether the last token stands where SQL wants a name.</summary>
    public bool IsName { get; private set; }

    /// <summary>Takes the next token.</summary>
    public void Read(SqlToken token)
    {
        if (token.IsGap)
            return;
        var word = token.TextIn(text);
        IsName = _isKeyword || _last == ".";
        if (token.Kind == SqlTokenKind.OpenParenthesis)
        {
            _parentheses.Push((_isFunction, _isInTables));
            (_isFunction, _isInTables) = (Functions.Contains(_last), false);
        }
        else if (token.Kind == SqlTokenKind.CloseParenthesis && _parentheses.Count > 0)
        {
            (_isFunction, _isInTables) = _parentheses.Pop();
        }

        var isWord = token.Kind == SqlTokenKind.Identifier && _last != ".";
        _isKeyword = isWord && (Keywords.Contains(word) ? !IsFollowedByValue(word) : _isKeyword && Between.Contains(word))
            || (_isInTables && word == ",");
        if (isWord && IsWord(word, "FROM"))
            _isInTables = _isKeyword;
        else if (isWord && Ends.Contains(word))
            _isInTables = false;
        (_before, _last) = (_last, word);
    }

    // IS DISTINCT FROM, and the FROM of functions.
    private bool IsFollowedByValue(string word) =>
        IsWord(word, "FROM") && (_isFunction || (IsWord(_last, "DISTINCT") && (IsWord(_before, "IS") || IsWord(_before, "NOT"))));

    private static bool IsWord(string text, string word) => text.Equals(word, StringComparison.OrdinalIgnoreCase);
}
