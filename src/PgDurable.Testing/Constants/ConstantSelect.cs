using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Store.Results;

namespace PgDurable.Testing.Constants;

/// <summary>
/// Evaluates statements that need no database: a SELECT of constants, such as a C# expression that the generator turned into SQL, once
/// values have replaced its references.
/// </summary>
internal static class ConstantSelect
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Returns the result, or null if it takes a database to know it. A value that is unknown because of <see cref="SqlValue.AnyText"/> is
    /// that text.
    /// </summary>
    public static StepResult? Evaluate(string sql)
    {
        try
        {
            if (Read(sql) is not { } query || query.Columns.DistinctBy(column => column.Name).Count() != query.Columns.Count)
                return null;
            // Two rows may know the type of a column, and a third one nothing.
            var types = query.Columns.Select((column, i) => query.Rows.Select(row => row[i].Type).Append(column.Value.Type)
                .Where(type => type is not ("any" or "unknown")).Distinct().ToList()).ToList();
            if (query.Columns.Count == 0 || types.Exists(type => type.Count > 1))
                return null;
            return new StepResult(
                Write(query), [.. query.Columns.Select((column, i) => Column(column.Name, types[i], query.Rows.Select(row => row[i])))]);
        }
        catch (NotConstantException)
        {
            return null;
        }
    }

    /// <summary>Returns whether the first value is true, or null if it is unknown.</summary>
    public static bool? Truth(string sql)
    {
        try
        {
            return Read(sql) is { Rows: [[var first, ..]] } && !first.IsAny ? first.Truth == true : null;
        }
        catch (NotConstantException)
        {
            return null;
        }
    }

    /// <summary>
    /// Returns what <c>df.publish</c> publishes and the tags that <c>df.tag</c> sets: nothing if the statement calls neither or if it takes
    /// a database.
    /// </summary>
    public static (Publication? Published, IReadOnlyList<Tagging> Tagged) Effects(string sql)
    {
        // Most statements have none.
        if (!sql.Contains("publish", StringComparison.OrdinalIgnoreCase) && !sql.Contains("tag", StringComparison.OrdinalIgnoreCase))
            return (null, []);
        try
        {
            var reader = new ExpressionReader(sql);
            return Read(reader) is null ? (null, []) : (reader.Published, reader.Tagged);
        }
        catch (NotConstantException)
        {
            return (null, []);
        }
    }

    private static QueryResult? Read(string sql) => Read(new ExpressionReader(sql));

    private static QueryResult? Read(ExpressionReader reader)
    {
        if (!reader.Take("SELECT"))
            return null;
        var result = reader.Query();
        while (reader.Take(";"))
        { }
        return reader.IsAtEnd ? result : null;
    }

    private static string Write(QueryResult query)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteStartArray("rows");
            foreach (var row in query.Rows)
            {
                json.WriteStartObject();
                for (var i = 0; i < row.Count; i++)
                {
                    json.WritePropertyName(query.Columns[i].Name);
                    if (row[i].IsNull)
                        json.WriteNullValue();
                    else
                        ValueEncoder.Write(json, Oid(row[i].Type), Text(row[i]));
                }
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteNumber("row_count", query.Rows.Count);
            json.WriteNumber("rows_affected", 0);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static ResultColumn Column(string name, List<string> types, IEnumerable<SqlValue> values)
    {
        var exact = values.Select((value, row) => (value, row))
            .Where(entry => entry.value is { IsNull: false, IsAny: false }
                && BuiltinTypes.TryGet(Oid(entry.value.Type), out var type) && !ValueEncoder.IsFaithful(type, Text(entry.value)))
            .ToDictionary(entry => entry.row, entry => Text(entry.value));
        // No value has the type void.
        var isUnknown = types is ["void"] || (types.Count == 0 && values.Any(value => value.IsAny));
        return new ResultColumn(
            name, isUnknown ? null : "pg_catalog." + (types.Count == 0 ? "text" : types[0]), name,
            exact.Count == 0 ? null : new ExactTexts(exact));
    }

    private static string Text(SqlValue value) => value.Value is bool truth ? truth ? "t" : "f" : value.Output();

    private static uint Oid(string type) => type switch
    {
        "bool" => 16,
        "int8" => 20,
        "int2" => 21,
        "int4" => 23,
        "json" => 114,
        "float4" => 700,
        "float8" => 701,
        "timestamp" => 1114,
        "timestamptz" => 1184,
        "interval" => 1186,
        "void" => 2278,
        "jsonb" => 3802,
        _ => 25,
    };
}
