using PgDurable.Sql;

namespace PgDurable.Generators.Sql;

/// <summary>Reads a list of named expressions, such as the one after SELECT or RETURNING.</summary>
internal sealed class TargetList(TokenList tokens, QueryReader queries)
{
    private const string Unnamed = "?column?";

    public SelectList Read(int start, int end)
    {
        var columns = new List<SelectColumn>();
        var isOpen = false;
        for (var i = start; i <= end && start < end; i++)
        {
            if (i < end && (tokens.IsSymbol(i, "(") || tokens.IsSymbol(i, "[")))
            {
                i = tokens.MatchOf(i);
            }
            else if (i == end || tokens.IsSymbol(i, ","))
            {
                if (ReadItem(start, i) is { } column)
                    columns.Add(column);
                else
                    isOpen = true;
                start = i + 1;
            }
        }

        return new(new(columns.ToArray()), isOpen);
    }

    /// <summary>Returns null for an item that may be several columns.</summary>
    private SelectColumn? ReadItem(int start, int end)
    {
        if (start == end || HidesColumns(start, end))
            return null;

        var reader = new ExpressionReader(tokens, queries, start, end);
        var expression = reader.Read();
        if (reader.HasStar)
            return null;

        // A label follows AS, and nothing follows the label.
        if (end - start > 2 && tokens.IsWord(end - 2, "AS") && !tokens.IsLabel(end - 2) && tokens.IsName(end - 1))
        {
            var type = expression is { } known && reader.Position == end - 2 ? known.ColumnType : null;
            return new(tokens.NameAt(end - 1), type);
        }

        if (expression is not { } value)
            return new(null, null);
        if (reader.Position == end)
            return new(value.Naming == Naming.None ? Unnamed : value.Name, value.ColumnType);
        return reader.Position == end - 1 && tokens.IsName(end - 1)
            ? new(tokens.NameAt(end - 1), value.ColumnType)
            : new(null, null);
    }

    // `{name}` is filled in when the step runs.
    private bool HidesColumns(int start, int end)
    {
        for (var i = start; i < end; i++)
        {
            if (tokens.KindAt(i) == SqlTokenKind.Other && tokens.IsSymbol(i, "{"))
                return true;
            if (tokens.IsSymbol(i, "*") && tokens.IsSymbol(i - 1, ".") && i > start)
                return true;
        }

        return tokens.IsSymbol(start, "*");
    }
}
