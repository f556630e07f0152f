namespace PgDurable.Generators.Sql;

/// <summary>Reads the name of a type, such as the one after <c>::</c>.</summary>
internal static class TypeReader
{
    /// <summary>Returns null, leaving the position unchanged, if there is no type that it can read.</summary>
    public static SqlType? Read(TokenList tokens, ref int position, int end)
    {
        var at = position;
        if (ReadName(tokens, ref at, end) is not { } type)
            return null;

        while (at < end)
        {
            if (tokens.IsSymbol(at, "["))
                at = tokens.MatchOf(at) + 1;
            else if (tokens.IsWord(at, "ARRAY"))
                at = tokens.IsSymbol(at + 1, "[") ? tokens.MatchOf(at + 1) + 1 : at + 1;
            else
                break;

            // More dimensions don't make another type.
            type = type.Type is { } name && name.EndsWith("[]", StringComparison.Ordinal) ? type : type.ToArray();
        }

        position = at;
        return type;
    }

    /// <summary>Skips what may follow INTERVAL: <c>YEAR TO MONTH</c>, <c>SECOND (3)</c>.</summary>
    public static void SkipIntervalFields(TokenList tokens, ref int position)
    {
        if (!IsField(tokens, position))
            return;
        position++;
        if (tokens.IsWord(position, "TO") && IsField(tokens, position + 1))
            position += 2;
        SkipParentheses(tokens, ref position);
    }

    private static SqlType? ReadName(TokenList tokens, ref int at, int end)
    {
        if (at >= end || !tokens.IsName(at))
            return null;

        var isQualified = tokens.IsSymbol(at + 1, ".");
        if (!isQualified && tokens.WordAt(at) is { } word && ReadWord(tokens, word, ref at, out var known))
            return known;

        var isOwn = !isQualified || tokens.NameAt(at) == "pg_catalog";
        while (tokens.IsSymbol(at + 1, "."))
        {
            at += 2;
            if (!tokens.IsName(at))
                return null;
        }

        var name = tokens.NameAt(at++);
        SkipParentheses(tokens, ref at);
        if (tokens.IsSymbol(at, "%"))
            return null;
        return isOwn ? SqlType.Named(name) : new(name, null);
    }

    /// <summary>Whether the word belongs to the grammar; the type is null if the words after it aren't known.</summary>
    private static bool ReadWord(TokenList tokens, string word, ref int at, out SqlType? type)
    {
        var next = at + 1;
        string? name;
        switch (word)
        {
            case "DOUBLE":
                name = tokens.IsWord(next, "PRECISION") ? "float8" : null;
                next++;
                break;
            case "FLOAT":
                name = FloatOf(tokens, next);
                break;
            case "CHARACTER" or "CHAR":
                name = SkipWord(tokens, "VARYING", ref next) ? "varchar" : "bpchar";
                break;
            case "BIT":
                name = SkipWord(tokens, "VARYING", ref next) ? "varbit" : "bit";
                break;
            case "TIMESTAMP" or "TIME":
                SkipParentheses(tokens, ref next);
                name = word.ToLowerInvariant() + (SkipZone(tokens, ref next) ? "tz" : "");
                break;
            case "NATIONAL" or "NCHAR" or "SETOF":
                name = null;
                break;
            default:
                name = PlainWord(word);
                if (name is null)
                {
                    type = null;
                    return false;
                }

                break;
        }

        SkipParentheses(tokens, ref next);
        if (word == "INTERVAL")
            SkipIntervalFields(tokens, ref next);
        at = next;
        type = name is null ? null : SqlType.Named(name);
        return true;
    }

    // Words of PostgreSQL's grammar, which no schema can redefine.
    private static string? PlainWord(string word) => word switch
    {
        "INT" or "INTEGER" => "int4",
        "SMALLINT" => "int2",
        "BIGINT" => "int8",
        "REAL" => "float4",
        "DECIMAL" or "DEC" or "NUMERIC" => "numeric",
        "BOOLEAN" => "bool",
        "VARCHAR" => "varchar",
        "INTERVAL" => "interval",
        _ => null,
    };

    private static string FloatOf(TokenList tokens, int next) =>
        tokens.IsSymbol(next, "(") && int.TryParse(tokens.TextAt(next + 1), out var bits) && bits <= 24 ? "float4" : "float8";

    private static bool SkipZone(TokenList tokens, ref int next)
    {
        if (tokens.WordAt(next) is not ("WITH" or "WITHOUT") || !tokens.IsWord(next + 1, "TIME") || !tokens.IsWord(next + 2, "ZONE"))
            return false;
        next += 3;
        return tokens.IsWord(next - 3, "WITH");
    }

    private static bool SkipWord(TokenList tokens, string word, ref int next)
    {
        if (!tokens.IsWord(next, word))
            return false;
        next++;
        return true;
    }

    private static void SkipParentheses(TokenList tokens, ref int position)
    {
        if (tokens.IsSymbol(position, "("))
            position = tokens.MatchOf(position) + 1;
    }

    private static bool IsField(TokenList tokens, int index) =>
        tokens.WordAt(index) is "YEAR" or "MONTH" or "DAY" or "HOUR" or "MINUTE" or "SECOND";
}
