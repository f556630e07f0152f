using System.Text.Json;
using System.Text.RegularExpressions;
using PgDurable.Graph;
using PgDurable.Testing.Answers;
using PgDurable.Testing.Constants;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Store.Results;

namespace PgDurable.Testing.Paths;

/// <summary>Makes up results that have the fields that the workflow refers to, with unknown values.</summary>
internal sealed partial class MadeUpValues
{
    private const string AnyJson = $"\"{SqlValue.AnyText}\"";

    private readonly Dictionary<string, SortedSet<string>> _fields = new(StringComparer.Ordinal);
    private readonly HashSet<string> _lists = new(StringComparer.Ordinal);

    public MadeUpValues(WorkflowGraph graph)
    {
        foreach (var node in graph.Nodes)
        {
            foreach (Match match in References().Matches(node.Query ?? ""))
                Add(match.Groups[1].Value, match.Groups[2].Value);
            if (node.Config is NodeConfig.RowTest test)
                Add(test.ResultName, "");
            if (node.Config is NodeConfig.ForEach each)
            {
                Add(each.Rows, "");
                _lists.Add(each.Rows);
            }
        }
        // The rows of a list have the fields of its items.
        foreach (var each in graph.Nodes.Select(node => node.Config).OfType<NodeConfig.ForEach>())
            foreach (var field in _fields.GetValueOrDefault(each.ItemName) ?? [])
                Add(each.Rows, field);
    }

    /// <summary>Returns whether anything refers to a result.</summary>
    public bool IsUsed(string? name) => name is not null && _fields.ContainsKey(name);

    /// <summary>Returns whether a FOREACH iterates over the rows of a result.</summary>
    public bool IsList(string? name) => name is not null && _lists.Contains(name);

    public bool Has(string? name, params string[] fields) =>
        name is not null && _fields.TryGetValue(name, out var known) && fields.Any(known.Contains);

    public string Input() => AnyObject("input");

    public StepResult Rows(string? name, int count)
    {
        if (!IsUsed(name))
            return ResultEncoder.WithoutRows(count);
        var fields = Fields(name!);
        if (fields.Count == 0)
            fields = ["value"];
        var row = "{" + string.Join(',', fields.Select(field => $"{JsonSerializer.Serialize(field)}:{AnyJson}")) + "}";
        return new StepResult(
            $$"""{"rows":[{{string.Join(",", Enumerable.Repeat(row, count))}}],"row_count":{{count}},"rows_affected":{{count}}}""",
            [.. fields.Select(field => new ResultColumn(field, null))]);
    }

    /// <summary>Returns an activity's result: an object with the fields that the workflow refers to, or any text.</summary>
    public StepResult ActivityResult(string? name) => new(!IsUsed(name) ? "null" : Fields(name!) is [] ? AnyJson : AnyObject(name!), null);

    /// <summary>Returns an activity's result that is a list.</summary>
    public StepResult Items(string name, int count) =>
        new($"[{string.Join(',', Enumerable.Repeat(Fields(name) is [] ? AnyJson : AnyObject(name), count))}]", null);

    public static StepResult TruthOfActivity(bool value) => new(value ? "true" : "false", null);

    public static StepResult Truth(bool value) =>
        new(
            $$"""{"rows":[{"value":{{(value ? "true" : "false")}}}],"row_count":1,"rows_affected":0}""",
            [new ResultColumn("value", "pg_catalog.bool")]);

    public static StepResult Signal(string name) => WorkflowEngine.SignalResult(name, $"\"{SqlValue.AnyText}\"");

    public static StepResult Reply(int status)
    {
        var isOk = status < 300 ? "true" : "false";
        return new(
            $$"""{"status":{{status}},"body":"{{SqlValue.AnyText}}","encoding":"text","headers":{},"ok":{{isOk}},"duration_ms":0}""", null);
    }

    /// <summary>
    /// Returns whether a statement returns a row regardless of the tables' contents: an aggregate, or an insertion of values.
    /// </summary>
    public static bool AlwaysHasRow(string sql)
    {
        var shape = SqlShape.Of(sql);
        return (shape.Keyword == "SELECT" && Aggregate().IsMatch(sql) && !sql.Contains("GROUP BY", StringComparison.OrdinalIgnoreCase))
            || (shape.Keyword == "INSERT" && sql.Contains("VALUES", StringComparison.OrdinalIgnoreCase)
                && !sql.Contains("ON CONFLICT", StringComparison.OrdinalIgnoreCase));
    }

    private string AnyObject(string name) =>
        "{" + string.Join(',', Fields(name).Select(field => $"{JsonSerializer.Serialize(field)}:{AnyJson}")) + "}";

    private List<string> Fields(string name) => [.. (_fields.GetValueOrDefault(name) ?? []).Where(field => field.Length > 0)];

    private void Add(string name, string field)
    {
        if (!_fields.TryGetValue(name, out var fields))
            _fields.Add(name, fields = new SortedSet<string>(StringComparer.Ordinal));
        fields.Add(field);
    }

    [GeneratedRegex(@"\$([A-Za-z0-9_]+)(?:\.([A-Za-z_][A-Za-z0-9_]*))?", RegexOptions.CultureInvariant)]
    private static partial Regex References();

    [GeneratedRegex(@"\A\s*SELECT\s+(count|sum|min|max|avg|bool_and|bool_or|every|array_agg|json_agg|jsonb_agg|string_agg)\s*\(",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Aggregate();
}
