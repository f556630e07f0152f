namespace PgDurable.Generators.Sql;

/// <summary>Finds the list of columns of a statement, and reads it.</summary>
internal sealed class QueryReader(TokenList tokens)
{
    // Nobody writes deeper nesting, and it must not exhaust the compiler's stack.
    private const int MaxDepth = 50;

    private static readonly HashSet<string> ClauseStarts = new(StringComparer.Ordinal)
    {
        "FROM", "INTO", "WHERE", "GROUP", "HAVING", "WINDOW", "UNION", "INTERSECT", "EXCEPT", "ORDER", "LIMIT", "OFFSET", "FETCH", "FOR",
    };

    private int _depth;

    public SelectList ReadStatement() => Read(0, tokens.Count);

    /// <summary>Whether a query begins there, rather than an expression.</summary>
    public bool IsQuery(int index) =>
        tokens.WordAt(index) is "SELECT" or "VALUES" or "WITH" or "TABLE";

    /// <summary>Reads the statement or query between two positions.</summary>
    public SelectList Read(int start, int end)
    {
        if (_depth >= MaxDepth)
            return SelectList.Open;
        _depth++;
        var list = ReadAny(start, end);
        _depth--;
        return list;
    }

    private SelectList ReadAny(int start, int end)
    {
        if (tokens.IsWord(start, "WITH"))
            return SkipWith(start + 1, end) is { } after ? Read(after, end) : SelectList.Open;
        if (start < end && tokens.IsSymbol(start, "("))
        {
            var close = tokens.MatchOf(start);
            return Settle(Read(start + 1, close), close + 1, end);
        }

        switch (tokens.WordAt(start))
        {
            case "SELECT":
                return ReadSelect(start + 1, end);
            case "VALUES":
                return ReadValues(start + 1, end);
            case "INSERT" or "UPDATE" or "DELETE" or "MERGE":
                return ReadReturning(start + 1, end);
            case "CREATE" or "ALTER" or "DROP" or "TRUNCATE" or "SET" or "RESET" or "GRANT" or "REVOKE" or "COMMENT" or "ANALYZE" or "DO"
                or "VACUUM" or "LOCK" or "NOTIFY" or "LISTEN" or "UNLISTEN" or "REFRESH" or "REINDEX" or "CLUSTER" or "DISCARD":
                return SelectList.Empty;
            default:
                return SelectList.Open;
        }
    }

    private SelectList ReadSelect(int start, int end)
    {
        if (tokens.IsWord(start, "DISTINCT"))
        {
            start++;
            if (tokens.IsWord(start, "ON") && tokens.IsSymbol(start + 1, "("))
                start = tokens.MatchOf(start + 1) + 1;
        }
        else if (tokens.IsWord(start, "ALL"))
        {
            start++;
        }

        var listEnd = Find(start, end, IsClauseStart);

        // SELECT … INTO makes a table.
        if (tokens.IsWord(listEnd, "INTO"))
            return SelectList.Empty;
        return Settle(new TargetList(tokens, this).Read(start, listEnd), listEnd, end);
    }

    private SelectList ReadValues(int start, int end)
    {
        SelectList? values = null;
        var position = start;
        while (position < end && tokens.IsSymbol(position, "("))
        {
            var row = new TargetList(tokens, this).Read(position + 1, tokens.MatchOf(position));
            if (row.IsOpen)
                return SelectList.Open;
            var columns = row.Columns.Select((column, i) => new SelectColumn($"column{i + 1}", column.Type)).ToArray();
            values = values is null ? new(new(columns), IsOpen: false)
                : values.Columns.Count == columns.Length && values.Columns.SequenceEqual(columns) ? values
                : values.WithoutTypes();
            position = tokens.MatchOf(position) + 1;
            if (!tokens.IsSymbol(position, ","))
                break;
            position++;
        }

        return values is null ? SelectList.Open : Settle(values, position, end);
    }

    private SelectList ReadReturning(int start, int end)
    {
        var returning = Find(start, end, i => tokens.IsWord(i, "RETURNING") && !tokens.IsLabel(i));
        if (returning == end)
            return SelectList.Empty;

        // RETURNING WITH (OLD AS o, NEW AS n)
        var list = returning + 1;
        if (tokens.IsWord(list, "WITH") && tokens.IsSymbol(list + 1, "("))
            list = tokens.MatchOf(list + 1) + 1;
        return new TargetList(tokens, this).Read(list, end);
    }

    // The first arm of UNION and the like gives the names; the types depend on all arms.
    private SelectList Settle(SelectList list, int start, int end) =>
        Find(start, end, i => tokens.WordAt(i) is "UNION" or "INTERSECT" or "EXCEPT" && !tokens.IsLabel(i)) < end
            ? list.WithoutTypes()
            : list;

    private bool IsClauseStart(int index)
    {
        if (tokens.WordAt(index) is not { } word || !ClauseStarts.Contains(word) || tokens.IsLabel(index))
            return false;
        return word switch
        {
            "FROM" => !(tokens.IsWord(index - 1, "DISTINCT") && tokens.WordAt(index - 2) is "IS" or "NOT"),
            "FOR" => !(tokens.IsWord(index - 1, "COLLATION") && tokens.IsSymbol(index + 1, "(")),
            "GROUP" => !(tokens.IsWord(index - 1, "WITHIN") && tokens.IsSymbol(index + 1, "(")),
            _ => true,
        };
    }

    /// <summary>The first position outside parentheses that meets a condition; the end if there is none.</summary>
    private int Find(int start, int end, Func<int, bool> holds)
    {
        for (var i = start; i < end; i++)
        {
            if (tokens.IsSymbol(i, "(") || tokens.IsSymbol(i, "["))
                i = tokens.MatchOf(i);
            else if (holds(i))
                return i;
        }

        return end;
    }

    /// <summary>The position after the list of WITH; null if it contains something unusual.</summary>
    private int? SkipWith(int position, int end)
    {
        // RECURSIVE can also be the name of a query.
        if (tokens.IsWord(position, "RECURSIVE") && tokens.IsName(position + 1) && !tokens.IsWord(position + 1, "AS"))
            position++;
        while (position < end)
        {
            if (!tokens.IsName(position))
                return null;
            position++;
            if (tokens.IsSymbol(position, "("))
                position = tokens.MatchOf(position) + 1;
            if (!tokens.IsWord(position, "AS"))
                return null;
            position++;
            if (tokens.IsWord(position, "NOT"))
                position++;
            if (tokens.IsWord(position, "MATERIALIZED"))
                position++;
            if (!tokens.IsSymbol(position, "("))
                return null;
            position = tokens.MatchOf(position) + 1;
            if (tokens.WordAt(position) is "SEARCH" or "CYCLE")
                return null;
            if (!tokens.IsSymbol(position, ","))
                return position;
            position++;
        }

        return null;
    }
}
