using System.Text;

namespace PgDurable.Graph;

/// <summary>
/// Writes a sequence of steps as the envelope that the SQL composers build from the same steps, byte for byte: a graph has one content
/// hash, whichever front door it came through.
/// </summary>
internal static class GraphWriter
{
    public static string Write(IReadOnlyList<SqlStep> steps)
    {
        if (steps.Count == 0)
            throw new ArgumentException("A graph has at least one step.", nameof(steps));

        var json = new StringBuilder();

        // Left-deep, as `a ~> b ~> c` parses: every THEN but the innermost opens before the first step.
        for (var i = 1; i < steps.Count; i++)
            json.Append("{\"node_type\":\"THEN\",\"left_node\":");
        AppendSql(json, steps[0]);
        for (var i = 1; i < steps.Count; i++)
        {
            json.Append(",\"right_node\":");
            AppendSql(json, steps[i]);
            json.Append('}');
        }

        return json.ToString();
    }

    private static void AppendSql(StringBuilder json, SqlStep step)
    {
        json.Append("{\"node_type\":\"SQL\",\"query\":");
        AppendString(json, step.Sql);
        if (step.ResultName is { } name)
        {
            json.Append(",\"result_name\":");
            AppendString(json, name);
        }

        json.Append('}');
    }

    /// <summary>Escapes exactly what PostgreSQL's <c>escape_json</c> escapes, and nothing else.</summary>
    public static void AppendString(StringBuilder json, string text)
    {
        json.Append('"');
        foreach (var c in text)
        {
            switch (c)
            {
                case '"': json.Append("\\\""); break;
                case '\\': json.Append("\\\\"); break;
                case '\b': json.Append("\\b"); break;
                case '\f': json.Append("\\f"); break;
                case '\n': json.Append("\\n"); break;
                case '\r': json.Append("\\r"); break;
                case '\t': json.Append("\\t"); break;
                case < ' ': json.Append("\\u00").Append(HexDigit(c >> 4)).Append(HexDigit(c & 15)); break;
                default: json.Append(c); break;
            }
        }

        json.Append('"');
    }

    private static char HexDigit(int value) => (char)(value < 10 ? '0' + value : 'a' + value - 10);
}
