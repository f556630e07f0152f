using PgDurable.Sql;

namespace PgDurable.Testing.Answers;

/// <summary>The shape of a statement, as far as it can be determined without a database.</summary>
/// <param name="Keyword">The first keyword, in uppercase. For a WITH statement, the first keyword of the main statement.</param>
/// <param name="Columns">The names of its columns, or null if they are unknown, as for <c>*</c>.</param>
/// <param name="ReturnsRows">Whether it returns rows.</param>
internal sealed record SqlShape(string Keyword, IReadOnlyList<string>? Columns, bool ReturnsRows)
{
    private static readonly string[] Writes = ["INSERT", "UPDATE", "DELETE", "MERGE"];
    private static readonly string[] Commands = ["ALTER", "ANALYZE", "CLUSTER", "COMMENT", "CREATE", "DO", "DROP", "GRANT", "LOCK",
        "NOTIFY", "REFRESH", "REINDEX", "REVOKE", "SECURITY", "TRUNCATE", "VACUUM"];
    private static readonly string[] AfterList = ["FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "FETCH", "FOR", "UNION",
        "INTERSECT", "EXCEPT", "WINDOW", "INTO"];

    // Functions of PostgreSQL that return a set of rows, which may be empty.
    private static readonly string[] SetFunctions = ["generate_series", "generate_subscripts", "unnest", "json_array_elements",
        "json_array_elements_text", "json_each", "json_each_text", "json_object_keys", "json_populate_recordset", "json_to_recordset",
        "jsonb_array_elements", "jsonb_array_elements_text", "jsonb_each", "jsonb_each_text", "jsonb_object_keys", "jsonb_path_query",
        "jsonb_populate_recordset", "jsonb_to_recordset", "regexp_matches", "regexp_split_to_table", "string_to_table"];

    /// <summary>Whether it is a SELECT that reads no table, and so returns one row.</summary>
    public bool IsOneRow { get; private init; }

    /// <summary>Whether it changes rows.</summary>
    public bool IsWrite => Array.IndexOf(Writes, Keyword) >= 0;

    /// <summary>Whether it is a command that returns no rows and counts none, such as VACUUM.</summary>
    public bool IsCommand => Array.IndexOf(Commands, Keyword) >= 0;

    public static SqlShape Of(string sql)
    {
        var tokens = Tokens(sql);
        var isWith = tokens.Count > 0 && tokens[0].Token.IsKeyword(sql, "WITH");
        var main = tokens.FindIndex(
            0, isWith ? tokens.Count : Math.Min(tokens.Count, 1), token => token.Depth == 0 && token.Token.Kind == SqlTokenKind.Identifier
            && Text(sql, token.Token).ToUpperInvariant() is var word && (word is "SELECT" or "VALUES" or "TABLE" || Writes.Contains(word)));
        if (main < 0)
            return new SqlShape(SqlStatements.FirstKeyword(sql) ?? "", null, false);
        var keyword = Text(sql, tokens[main].Token).ToUpperInvariant();
        var list = keyword == "SELECT" ? main
            : tokens.FindIndex(main, token => token.Depth == 0 && token.Token.IsKeyword(sql, "RETURNING"));
        if (keyword is "VALUES" or "TABLE")
            return new SqlShape(keyword, null, true);
        return list < 0 ? new SqlShape(keyword, [], false)
            : new SqlShape(keyword, Names(sql, tokens, list + 1), true)
            {
                IsOneRow = keyword == "SELECT" && IsWithoutTable(sql, tokens, main),
            };
    }

    private static bool IsWithoutTable(string sql, List<(SqlToken Token, int Depth)> tokens, int select) => !tokens.Skip(select + 1)
        .Zip(tokens.Skip(select), (entry, before) => entry.Depth == 0 && !before.Token.IsKeyword(sql, "DISTINCT")
            && Array.Exists(AfterList, word => entry.Token.IsKeyword(sql, word))
            || Array.Exists(SetFunctions, word => entry.Token.IsKeyword(sql, word)))
        .Any(isSource => isSource);

    private static List<(SqlToken Token, int Depth)> Tokens(string sql)
    {
        var tokens = new List<(SqlToken, int)>();
        var lexer = new SqlLexer(sql);
        var depth = 0;
        while (lexer.Read(out var token))
        {
            if (token.IsGap)
                continue;
            if (token.Kind == SqlTokenKind.CloseParenthesis || IsPunctuation(sql, token, "]"))
                depth--;
            tokens.Add((token, depth));
            if (token.Kind == SqlTokenKind.OpenParenthesis || IsPunctuation(sql, token, "["))
                depth++;
        }
        return tokens;
    }

    private static List<string>? Names(string sql, List<(SqlToken Token, int Depth)> tokens, int start)
    {
        var names = new List<string>();
        if (start < tokens.Count && (tokens[start].Token.IsKeyword(sql, "DISTINCT") || tokens[start].Token.IsKeyword(sql, "ALL")))
            start++;
        var item = new List<SqlToken>();
        for (var i = start; i <= tokens.Count; i++)
        {
            var isEnd = i == tokens.Count || (tokens[i].Depth == 0
                && (tokens[i].Token.Kind == SqlTokenKind.Semicolon
                    || Array.Exists(AfterList, word => tokens[i].Token.IsKeyword(sql, word))));
            if (!isEnd && !(tokens[i].Depth == 0 && IsPunctuation(sql, tokens[i].Token, ",")))
            {
                if (tokens[i].Depth == 0)
                    item.Add(tokens[i].Token);
                continue;
            }
            if (item.Count > 0)
            {
                if (NameOf(sql, item) is not { } name)
                    return null;
                names.Add(name);
            }
            item.Clear();
            if (isEnd)
                break;
        }
        return names;
    }

    // Handles "expr AS name", "expr name", "t.name" and "f(…)". Other columns are named ?column?, as in PostgreSQL.
    private static string? NameOf(string sql, List<SqlToken> item)
    {
        var last = item[^1];
        if (Text(sql, last) == "*")
            return null;
        for (var i = 0; i + 1 < item.Count; i++)
            if (Text(sql, item[i]) == "::")
                return item.Count > i + 2 && item[^2].IsKeyword(sql, "AS") ? Plain(sql, last) : NameOf(sql, item[..i]);
        var isCall = last.Kind == SqlTokenKind.CloseParenthesis && item.Count > 2 && item[^3].Kind == SqlTokenKind.Identifier;
        var name = isCall ? item.Count - 3 : item.Count - 1;
        if (item[name].Kind is not (SqlTokenKind.Identifier or SqlTokenKind.QuotedIdentifier))
            return "?column?";
        if (name > 0 && !isCall && IsOperand(sql, item[name - 1]))
            return Plain(sql, item[name]); // "expr name"
        // A name, perhaps qualified by others. References have been replaced by values, so they have no name.
        var isPath = item.Take(name)
            .Select((token, i) => i % 2 == name % 2 ? token.Kind is SqlTokenKind.Identifier or SqlTokenKind.QuotedIdentifier
                : Text(sql, token) == ".").All(fits => fits);
        return isPath ? Plain(sql, item[name]) : "?column?";
    }

    private static bool IsOperand(string sql, SqlToken token) =>
        token.IsKeyword(sql, "AS") || token.IsQuotedLiteral || token.Kind
            is SqlTokenKind.Identifier or SqlTokenKind.QuotedIdentifier or SqlTokenKind.Number or SqlTokenKind.CloseParenthesis;

    private static string Plain(string sql, SqlToken token) => token.Kind == SqlTokenKind.QuotedIdentifier
        ? sql[token.ContentStart..token.ContentEnd].Replace("\"\"", "\"", StringComparison.Ordinal)
        : Text(sql, token).ToLowerInvariant();

    private static bool IsPunctuation(string sql, SqlToken token, string text) =>
        token.Kind == SqlTokenKind.Punctuation && Text(sql, token) == text;

    private static string Text(string sql, SqlToken token) => token.TextIn(sql);
}
