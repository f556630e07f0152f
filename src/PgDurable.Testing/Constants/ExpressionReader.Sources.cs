using System.Text.Json;
using PgDurable.Sql;

namespace PgDurable.Testing.Constants;

/// <content>
/// What stands after FROM: the rows that replace <c>$name.*</c>, and what the generator makes of the results of ForEach.
/// </content>
internal sealed partial class ExpressionReader
{
    private Source From()
    {
        var source = Join(new Source([], [[]]));
        while (Take("CROSS"))
        {
            Expect("JOIN");
            Expect("LATERAL");
            source = Join(source);
        }
        if (Take("ORDER"))
        {
            Expect("BY");
            // The rows are already in the order of the items.
            if (source.Order is not var (table, column) || TakeName() != table || !Take(".") || TakeName() != column)
                throw new NotConstantException();
        }
        if (!Take("LIMIT"))
            return source;
        if (Current is not { Kind: SqlTokenKind.Number } number
            || Number(number.TextIn(_sql)) is not { Type: "int4", Value: decimal most })
            throw new NotConstantException();
        _next++;
        return source with { Rows = [.. source.Rows.Take((int)most)] };
    }

    // Each table may refer to the rows of those before it.
    private Source Join(Source left)
    {
        var start = _next;
        Table Read(SourceRow[] row)
        {
            _next = start;
            _rows.Add(row);
            var table = ReadTable();
            _rows.RemoveAt(_rows.Count - 1);
            return table;
        }

        var types = PassOver(() => Read(left.Empty));
        var rows = new List<SourceRow[]>();
        foreach (var row in left.Rows)
            rows.AddRange(Read(row).Rows.Select(right => (SourceRow[])[.. row, right]));
        return new([.. left.Empty, types.Empty], rows) { Order = left.Order ?? types.Order };
    }

    private Table ReadTable()
    {
        List<(string Name, SqlValue Value)> columns;
        List<IReadOnlyList<SqlValue>> rows;
        var isOrdered = false;
        if (Take("("))
        {
            (columns, rows) = Take("VALUES") ? Values() : Subquery();
            Expect(")");
        }
        else
        {
            (columns, rows) = Function();
            if (isOrdered = Take("WITH"))
            {
                Expect("ORDINALITY");
                columns.Add(("ordinality", new SqlValue("int8", null)));
                rows = [.. rows.Select((row, i) => (IReadOnlyList<SqlValue>)[.. row, new SqlValue("int8", i + 1m)])];
            }
        }
        Expect("AS");
        var name = TakeName() ?? throw new NotConstantException();
        if (Take("("))
        {
            for (var i = 0; i < columns.Count; i++)
            {
                columns[i] = (TakeName() ?? throw new NotConstantException(), columns[i].Value);
                Expect(i + 1 < columns.Count ? "," : ")");
            }
        }
        return new(
            new(name, columns),
            [.. rows.Select(row => new SourceRow(name, [.. columns.Zip(row, (column, value) => (column.Name, value))]))])
        { Order = isOrdered ? (name, columns[^1].Name) : null };
    }

    private (List<(string, SqlValue)>, List<IReadOnlyList<SqlValue>>) Subquery()
    {
        Expect("SELECT");
        var result = Query();
        return ([.. result.Columns], [.. result.Rows]);
    }

    private (List<(string, SqlValue)>, List<IReadOnlyList<SqlValue>>) Values()
    {
        var rows = new List<List<SqlValue>>();
        do
        {
            Expect("(");
            var row = new List<SqlValue>();
            do
                row.Add(Expression());
            while (Take(","));
            Expect(")");
            rows.Add(row);
        }
        while (Take(","));
        if (rows.Exists(row => row.Count != rows[0].Count))
            throw new NotConstantException();
        var types = rows[0].Select((_, i) => rows.Select(row => row[i].Type).Aggregate(CommonType))
            .Select(type => type == "unknown" ? "text" : type).ToList();
        return (
            [.. types.Select((type, i) => ($"column{i + 1}", new SqlValue(type, null)))],
            [.. rows.Select(row => (IReadOnlyList<SqlValue>)[.. row.Select((value, i) => value.Cast(types[i]))])]);
    }

    private (List<(string, SqlValue)>, List<IReadOnlyList<SqlValue>>) Function()
    {
        var name = TakeName();
        if (name == "pg_catalog" && Take("."))
            name = TakeName();
        Expect("(");
        var argument = Expression();
        SqlValue? second = name == "generate_series" && Take(",") ? Expression() : null;
        Expect(")");
        // Nobody knows how many rows that would be.
        if ((argument.IsAny || second is { IsAny: true }) && _passedOver == 0)
            throw new NotConstantException();
        var hasNone = argument.IsNull || second is { IsNull: true } || _passedOver > 0;
        switch (name)
        {
            case "generate_series" when (argument.Type, second?.Type) == ("int4", "int4"):
                var (from, to) = hasNone ? (1m, 0m) : ((decimal)argument.Value!, (decimal)second!.Value.Value!);
                return (
                    [("generate_series", new SqlValue("int4", null))],
                    [.. Enumerable.Range(0, (int)Math.Clamp(to - from + 1, 0, int.MaxValue))
                        .Select(i => (IReadOnlyList<SqlValue>)[new SqlValue("int4", from + i)])]);
            case "jsonb_array_elements":
                return (
                    [("value", new SqlValue("jsonb", null))],
                    [.. (hasNone ? [] : Functions.Items(argument, "jsonb"))
                        .Select(item => (IReadOnlyList<SqlValue>)[Json(item, "jsonb", asText: false)])]);
            case "jsonb_each_text":
                var members = hasNone ? []
                    : argument.Cast("jsonb").Value is JsonElement { ValueKind: JsonValueKind.Object } json ? json.EnumerateObject().ToList()
                    : throw new NotConstantException();
                return (
                    [("key", SqlValue.Text(null)), ("value", SqlValue.Text(null))],
                    [.. members.Select(member =>
                        (IReadOnlyList<SqlValue>)[SqlValue.Text(member.Name), Json(member.Value, "jsonb", asText: true)])]);
            default:
                throw new NotConstantException();
        }
    }

    /// <summary>A table.</summary>
    /// <param name="Empty">A row of NULLs with its columns and their types.</param>
    /// <param name="Rows">Its rows.</param>
    private sealed record Table(SourceRow Empty, IReadOnlyList<SourceRow> Rows)
    {
        /// <summary>The table's name and its column that numbers the rows, or null if there is none.</summary>
        public (string Table, string Column)? Order { get; init; }
    }

    /// <summary>All tables of a query.</summary>
    /// <param name="Empty">A row of NULLs of each table.</param>
    /// <param name="Rows">The rows: one of each table.</param>
    private sealed record Source(SourceRow[] Empty, IReadOnlyList<SourceRow[]> Rows)
    {
        /// <summary>The column by which the rows are already sorted, or null if there is none.</summary>
        public (string Table, string Column)? Order { get; init; }
    }
}
