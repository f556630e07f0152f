using System.Globalization;
using System.Text;
using System.Text.Json;
using PgDurable.Sql;

namespace PgDurable.Worker.Engine.Substitution;

/// <summary><c>$name.*</c> in SQL: a table with the columns, types and rows of a result.</summary>
internal static class RowSet
{
    const int MaximumRows = 10_000;

    public static void Append(StringBuilder target, in Reference reference, Reading reading)
    {
        var rows = Rows(reference);
        var count = rows.GetArrayLength();
        if (count > MaximumRows)
        {
            throw new SubstitutionException(
                $"{reference} — result has {count} rows, exceeding the maximum of {MaximumRows} for row-set expansion",
                "Keep the rows in a table and join with it, or fetch them in smaller batches.");
        }
        var columns = reference.Result.ColumnsOrFirstRow();
        if (columns.Count == 0)
            AppendWithoutColumns(target, count, reference.Result.Columns != null || count > 0);
        else if (count == 0)
            AppendEmpty(target, columns);
        else
        {
            var types = reading == Reading.Untyped ? PlainTypesOf(columns, rows) : TypesOf(columns, rows);
            AppendValues(target, rows, types, columns, reference.ToString());
        }
        target.Append(" AS ").Append(SqlQuote.Identifier(reference.Name));
        if (columns.Count > 0)
            target.Append('(').AppendJoin(',', columns.Select(column => SqlQuote.Identifier(column.Name))).Append(')');
    }

    /// <summary>The rows; an error if the result isn't a row set.</summary>
    public static JsonElement Rows(in Reference reference)
    {
        _ = ReferenceValue.RootOf(reference.Result, reference.ToString());
        return reference.Result.TryGetRows(out var rows)
            ? rows
            : throw new SubstitutionException(
                $"{reference} — invalid result format",
                $"Only the result of a query has rows; write ${reference.Name} to use this one as a whole.");
    }

    static void AppendWithoutColumns(StringBuilder target, int count, bool known)
    {
        if (count > 0)
            target.Append("(SELECT FROM pg_catalog.generate_series(1,").Append(count.ToString(CultureInfo.InvariantCulture)).Append("))");
        else
            target.Append(known ? "(SELECT WHERE false)" : "(SELECT NULL WHERE false)");
    }

    static void AppendEmpty(StringBuilder target, IReadOnlyList<ResultColumn> columns)
    {
        target.Append("(SELECT ");
        target.AppendJoin(", ", columns.Select(column => "NULL::" + (column.TypeName ?? TypeNames.Text)));
        target.Append(" WHERE false)");
    }

    static void AppendValues(
        StringBuilder target, JsonElement rows, string?[] types, IReadOnlyList<ResultColumn> columns, string reference)
    {
        target.Append("(VALUES ");
        var separator = "(";
        var number = 0;
        foreach (var row in rows.EnumerateArray())
        {
            target.Append(separator);
            for (var i = 0; i < columns.Count; i++)
            {
                if (i > 0)
                    target.Append(',');
                var value = ReferenceValue.Of(columns[i], row, number);
                if (value.TypeName != types[i] && types[i] == TypeNames.Text)
                    value = value.Untyped(reference);
                PlainValue.AppendCast(target, value with { TypeName = types[i] }, reference);
            }
            number++;
            target.Append(')');
            separator = ", (";
        }
        target.Append(')');
    }

    /// <summary>Every value of a column needs the same type, even if no column type is known.</summary>
    static string[] TypesOf(IReadOnlyList<ResultColumn> columns, JsonElement rows) =>
        [.. columns.Select(column => column.TypeName ?? InferType(column.Member, rows))];

    /// <summary>Numbers, true and false without a type; everything else as text.</summary>
    static string?[] PlainTypesOf(IReadOnlyList<ResultColumn> columns, JsonElement rows) =>
        [.. columns.Select(column => InferType(column.Member, rows) is TypeNames.Numeric or TypeNames.Boolean ? null : TypeNames.Text)];

    static string InferType(string column, JsonElement rows)
    {
        string? type = null;
        foreach (var row in rows.EnumerateArray())
        {
            if (!row.TryGetProperty(column, out var value) || value.ValueKind == JsonValueKind.Null)
                continue;
            var valueType = value.ValueKind switch
            {
                JsonValueKind.Number => TypeNames.Numeric,
                JsonValueKind.True or JsonValueKind.False => TypeNames.Boolean,
                JsonValueKind.Object or JsonValueKind.Array => TypeNames.Jsonb,
                _ => TypeNames.Text,
            };
            if (type != null && type != valueType)
                return TypeNames.Text;
            type = valueType;
        }
        return type ?? TypeNames.Text;
    }
}
