using PgDurable.Sql;

namespace PgDurable.Testing.Constants;

/// <content>A query: a list of expressions, computed for each row of what stands after FROM.</content>
internal sealed partial class ExpressionReader
{
    public const string NoName = "?column?";

    // The rows that column names refer to. The last ones are those of the innermost query.
    private readonly List<SourceRow[]> _rows = [];

    /// <summary>Reads a query whose SELECT has been read.</summary>
    /// <exception cref="NotConstantException">It takes a database to know the result.</exception>
    public QueryResult Query()
    {
        var list = _next;
        SkipList();
        var listEnd = _next;
        var source = Take("FROM") ? From() : new Source([], [[]]);
        if (Take("WHERE"))
        {
            Expect("FALSE");
            source = source with { Rows = [] };
        }
        var end = _next;
        QueryResult result;
        if (IsCount(list, listEnd))
        {
            result = new([("count", new SqlValue("int8", null))], [[new SqlValue("int8", (decimal)source.Rows.Count)]]);
        }
        else
        {
            // The types of the columns matter even if there are no rows.
            var types = PassOver(() => Columns(list, listEnd, source.Empty));
            result = new(
                [.. types.Select(column => (column.Name, column.Value with { Value = null }))],
                [.. source.Rows.Select(row => Columns(list, listEnd, row).ConvertAll(column => column.Value))]);
        }
        _next = end;
        return result;
    }

    private SqlValue Scalar(out Label label)
    {
        var result = Query();
        if (result.Columns is not [var column])
            throw new NotConstantException();
        label = new(column.Name == NoName ? null : column.Name);
        return result.Rows switch
        {
            [] => column.Value,
            [[var value]] => value,
            _ => throw new NotConstantException(),
        };
    }

    private void SkipList()
    {
        for (var depth = 0; Current is { } token; _next++)
        {
            if (token.Kind == SqlTokenKind.OpenParenthesis)
                depth++;
            else if (token.Kind == SqlTokenKind.CloseParenthesis && depth-- == 0)
                return;
            else if (depth == 0 && (token.Kind == SqlTokenKind.Semicolon || token.IsKeyword(_sql, "WHERE")
                || (token.IsKeyword(_sql, "FROM") && !_tokens[_next - 1].IsKeyword(_sql, "DISTINCT"))))
                return;
        }
    }

    private bool IsCount(int list, int end)
    {
        _next = list;
        return Take("count") && Take("(") && Take("*") && Take(")") && _next == end;
    }

    private List<(string Name, SqlValue Value)> Columns(int list, int end, SourceRow[] row)
    {
        var columns = new List<(string Name, SqlValue Value)>();
        _rows.Add(row);
        _next = list;
        while (_next < end)
        {
            var start = _next;
            _unplanned = _rows.Count > 1 && _unplanned;
            var value = Expression();
            var name = _operand.Start == start && _operand.End == _next ? _operand.Label.Name : null;
            if (Take("AS"))
                name = TakeName() ?? throw new NotConstantException();
            else if (Current is { Kind: SqlTokenKind.QuotedIdentifier })
                name = TakeName();
            columns.Add((name ?? NoName, value));
            if (_next < end)
                Expect(",");
        }
        _rows.RemoveAt(_rows.Count - 1);
        return _next == end ? columns : throw new NotConstantException();
    }

    private SqlValue Column(string? table, string name)
    {
        for (var level = _rows.Count - 1; level >= 0; level--)
        {
            var found = _rows[level].Where(row => table is null || row.Table == table)
                .SelectMany(row => row.Columns).Where(column => column.Name == name).ToList();
            if (found.Count > 1)
                break;
            if (found is [var column])
                return column.Value;
            if (table is null && Array.Find(_rows[level], row => row.Table == name) is { } whole)
                return new SqlValue("record", whole);
        }
        throw new NotConstantException();
    }

    private T PassOver<T>(Func<T> read)
    {
        _passedOver++;
        var result = read();
        _passedOver--;
        return result;
    }
}
