using System.Globalization;
using System.Text;
using System.Text.Json;
using PgDurable.Graph;

namespace PgDurable.Testing.Constants;

/// <summary>JSON in the forms that PostgreSQL's functions print.</summary>
internal static class JsonForms
{
    /// <summary>Returns a document as <c>jsonb</c> prints it.</summary>
    /// <exception cref="FormatException">PostgreSQL would reject it.</exception>
    public static JsonElement Binary(JsonElement json)
    {
        var text = new StringBuilder();
        Append(text, WorkflowTest.ReadJson(JsonbText.Write(json)));
        return WorkflowTest.ReadJson(text.ToString());
    }

    /// <summary>Returns a value as <c>to_json</c> converts it.</summary>
    /// <exception cref="NotConstantException">The form isn't known here.</exception>
    public static string Of(SqlValue value) => value.Value switch
    {
        null => "null",
        bool truth => truth ? "true" : "false",
        decimal or double => value.Output(),
        JsonElement json => json.GetRawText(),
        DateTime moment => Quote(value.Type == "date" ? value.Output()
            : moment.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFF", CultureInfo.InvariantCulture) + (value.Type == "timestamptz" ? "+00:00" : "")),
        string text => Quote(text),
        Interval interval => Quote(interval.ToString()),
        SourceRow row => "{" + string.Join(',', row.Columns.Select(column => $"{Quote(column.Name)}:{Of(column.Value)}")) + "}",
        _ => throw new NotConstantException(),
    };

    /// <summary>Returns what <c>json_build_object</c> does.</summary>
    public static string Object(IReadOnlyList<SqlValue> arguments)
    {
        if (arguments.Count % 2 != 0)
            throw new NotConstantException();
        return "{" + string.Join(", ", arguments.Chunk(2).Select(pair => pair[0] is { IsText: true, IsNull: false } key
            ? $"{Quote(key.Output())} : {Of(pair[1])}" : throw new NotConstantException())) + "}";
    }

    /// <summary>Returns what <c>json_build_array</c> does.</summary>
    public static string Array(IEnumerable<SqlValue> items) => $"[{string.Join(", ", items.Select(Of))}]";

    private static void Append(StringBuilder text, JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                text.Append('{');
                foreach (var member in json.EnumerateObject())
                {
                    text.Append(text[^1] == '{' ? "" : ", ").Append(Quote(member.Name)).Append(": ");
                    Append(text, member.Value);
                }
                text.Append('}');
                break;
            case JsonValueKind.Array:
                text.Append('[');
                for (var i = 0; i < json.GetArrayLength(); i++)
                {
                    text.Append(i == 0 ? "" : ", ");
                    Append(text, json[i]);
                }
                text.Append(']');
                break;
            default:
                text.Append(json.GetRawText());
                break;
        }
    }

    private static string Quote(string value)
    {
        var text = new StringBuilder();
        GraphWriter.AppendString(text, value);
        return text.ToString();
    }
}
