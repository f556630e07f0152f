using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PgDurable.Sql;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Store.Results;

namespace PgDurable.Testing.Constants;

/// <summary>
/// Evaluates statements that need no database: a SELECT of constants, such as a C# condition that the generator turned into SQL, once
/// values have replaced its references.
/// </summary>
internal static class ConstantSelect
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Returns the result, or null if it takes a database to know it.</summary>
    public static StepResult? Evaluate(string sql)
    {
        if (Read(sql) is not { } columns || columns.Exists(column => column.Value.IsAny))
            return null;
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteStartArray("rows");
            json.WriteStartObject();
            foreach (var (name, value) in columns)
            {
                json.WritePropertyName(name);
                if (value.IsNull)
                    json.WriteNullValue();
                else
                    ValueEncoder.Write(json, Oid(value.Type), value.Value is bool truth ? truth ? "t" : "f" : value.Output());
            }
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteNumber("row_count", 1);
            json.WriteNumber("rows_affected", 0);
            json.WriteEndObject();
        }
        return new StepResult(
            Encoding.UTF8.GetString(buffer.WrittenSpan),
            [.. columns.Select(column => new ResultColumn(
                column.Name, "pg_catalog." + (column.Value.Type == "unknown" ? "text" : column.Value.Type), column.Name,
                Exact(column.Value)))]);
    }

    private static ExactTexts? Exact(SqlValue value) =>
        value.Value is not (null or bool) && BuiltinTypes.TryGet(Oid(value.Type), out var type)
            && !ValueEncoder.IsFaithful(type, value.Output())
            ? new ExactTexts(new Dictionary<int, string> { [0] = value.Output() }) : null;

    /// <summary>Returns whether the first value is true, or null if it is unknown.</summary>
    public static bool? Truth(string sql)
    {
        try
        {
            return Read(sql) is [var first, ..] && !first.Value.IsAny ? first.Value.Truth == true : null;
        }
        catch (NotConstantException)
        {
            return null;
        }
    }

    private static List<(string Name, SqlValue Value)>? Read(string sql)
    {
        try
        {
            var reader = new ExpressionReader(sql);
            if (!reader.Take("SELECT"))
                return null;
            var columns = new List<(string Name, SqlValue Value)>();
            do
            {
                var isCase = reader.Current is { } first && first.IsKeyword(sql, "CASE");
                var isCoalesce = reader.Current is { } word && word.IsKeyword(sql, "coalesce");
                var value = reader.Expression();
                var name = reader.Take("AS") ? reader.TakeName() : reader.Current is { Kind: SqlTokenKind.QuotedIdentifier }
                    ? reader.TakeName() : null;
                columns.Add((name ?? (isCase ? "case" : isCoalesce ? "coalesce" : "?column?"), value));
            }
            while (reader.Take(","));
            while (reader.Take(";"))
            { }
            var isClear = columns.Select(column => column.Name).Distinct().Count() == columns.Count;
            return reader.IsAtEnd && isClear ? columns : null;
        }
        catch (NotConstantException)
        {
            return null;
        }
    }

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
        "jsonb" => 3802,
        _ => 25,
    };
}
