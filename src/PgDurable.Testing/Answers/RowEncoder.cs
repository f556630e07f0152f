using System.Buffers;
using System.Collections;
using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Store.Results;
using ValueType = PgDurable.Worker.Store.Results.ValueType;

namespace PgDurable.Testing.Answers;

/// <summary>Converts a test's rows to the result of a statement that returns these rows.</summary>
internal static class RowEncoder
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private sealed record Column(string Name, ValueType Type, Func<object, object?> Read);

    /// <summary>Encodes an answer.</summary>
    /// <param name="answer">Rows, a row, a value, or <see cref="RowsAffected"/>.</param>
    /// <param name="declared">The declared type of a row, or null if it must be inferred from a row.</param>
    /// <param name="sql">The statement, which names columns and tells whether it changes rows.</param>
    public static StepResult Encode(object answer, Type? declared, string sql)
    {
        if (answer is RowsAffected affected)
            return ResultEncoder.WithoutRows(affected.Count);
        var rows = Rows(answer);
        var type = declared is null || declared == typeof(object) ? rows.FirstOrDefault()?.GetType() : declared;
        var shape = SqlShape.Of(sql);
        var columns = type is null ? Unknown(shape) : Columns(type, rows, shape);

        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteStartArray("rows");
            foreach (var row in rows)
            {
                json.WriteStartObject();
                foreach (var column in columns)
                {
                    json.WritePropertyName(column.Name);
                    PgType.Write(json, column.Type, column.Read(row));
                }
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteNumber("row_count", rows.Count);
            json.WriteNumber("rows_affected", shape.IsWrite ? rows.Count : 0);
            json.WriteEndObject();
        }
        return new StepResult(
            Encoding.UTF8.GetString(buffer.WrittenSpan),
                [.. columns.Select(column => new ResultColumn(column.Name, column.Type.TypeName))]);
    }

    private static List<object> Rows(object answer)
    {
        if (IsRow(answer))
            return [answer];
        var rows = new List<object>();
        foreach (var item in (IEnumerable)answer)
        {
            if (item is not null && !IsRow(item))
                rows.AddRange(Rows(item)); // the params array holds a single list of rows
            else
                rows.Add(item ?? throw new ArgumentException("A row is null. For no rows, use an empty list."));
        }
        return rows;
    }

    private static bool IsRow(object answer) => answer is not IEnumerable || answer is IDictionary || answer is string || answer is byte[]
        || answer is System.Text.Json.Nodes.JsonNode || PgType.ElementOf(answer.GetType()) is null;

    // Without a row type, only the statement tells the columns, and nothing tells their types.
    private static List<Column> Unknown(SqlShape shape) =>
        [.. (shape.Columns ?? []).Select(name => new Column(name, ValueType.Unknown, _ => null))];

    private static List<Column> Columns(Type type, List<object> rows, SqlShape shape)
    {
        if (PgType.IsScalar(type))
            return [new Column(shape.Columns is [var only] ? only : "?column?", PgType.Of(type), value => value)];
        if (typeof(IDictionary<string, object?>).IsAssignableFrom(type))
        {
            return [.. rows.Cast<IDictionary<string, object?>>().SelectMany(row => row.Keys).Distinct().Select(key => new Column(
                key, TypeOf(rows, row => ((IDictionary<string, object?>)row).TryGetValue(key, out var value) ? value : null),
                row => ((IDictionary<string, object?>)row).TryGetValue(key, out var value) ? value : null))];
        }
        if (type.IsValueType && type.IsPrimitive)
            throw new ArgumentException($"A row can't have the type {type}.");
        return [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanRead && property.GetIndexParameters().Length == 0)
            .Select(property => new Column(
                JsonValues.NameOf(property), property.PropertyType == typeof(object) ? TypeOf(rows, property.GetValue)
                    : PgType.Of(property.PropertyType),
                row => Value(row, type, property)))];
    }

    private static object? Value(object row, Type type, PropertyInfo property) => type.IsInstanceOfType(row)
        ? property.GetValue(row)
        : throw new ArgumentException($"All rows of an answer must have the same type: {type.Name}, not {row.GetType().Name}.");

    private static ValueType TypeOf(List<object> rows, Func<object, object?> read) =>
        rows.Select(read).FirstOrDefault(value => value is not null) is { } known ? PgType.Of(known.GetType()) : ValueType.Unknown;
}
