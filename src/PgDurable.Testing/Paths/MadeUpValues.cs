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
    private readonly List<string> _allFields;
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
        // An item of a list has fields if those that work with it refer to some.
        foreach (var each in graph.Nodes.Select(node => node.Config).OfType<NodeConfig.ForEach>())
            foreach (var field in _fields.GetValueOrDefault(each.ItemName) ?? [])
                Add(each.Rows, field);
        // A value goes from step to step, such as from a row to the result of a loop, or from an item to a list: it has the fields that any
        // of them refers to.
        _allFields = [.. _fields.Values.SelectMany(fields => fields).Where(field => field.Length > 0).Distinct()
            .Order(StringComparer.Ordinal)];
        if (_allFields.Count == 0)
            _allFields = ["value"];
    }

    /// <summary>Returns whether anything refers to a result.</summary>
    public bool IsUsed(string? name) => name is not null && _fields.ContainsKey(name);

    /// <summary>Returns whether a FOREACH iterates over the rows of a result.</summary>
    public bool IsList(string? name) => name is not null && _lists.Contains(name);

    public bool Has(string? name, params string[] fields) =>
        name is not null && _fields.TryGetValue(name, out var known) && fields.Any(known.Contains);

    public string Input() => AnyObject();

    /// <summary>Returns the result of a statement.</summary>
    /// <param name="name">The name of its result, or null if it has none.</param>
    /// <param name="sql">The statement.</param>
    /// <param name="count">The number of rows that it returns or changes.</param>
    public StepResult Rows(string? name, string sql, int count) =>
        IsUsed(name) || SqlShape.Of(sql).ReturnsRows ? Rows(count) : ResultEncoder.WithoutRows(count);

    public StepResult Rows(int count) => new(
        $$"""{"rows":[{{string.Join(",", Enumerable.Repeat(AnyObject(), count))}}],"row_count":{{count}},"rows_affected":{{count}}}""",
        [.. _allFields.Select(field => new ResultColumn(field, null))]);

    /// <summary>Returns an activity's result: an object with the fields that the workflow refers to, or any text.</summary>
    public StepResult ActivityResult(string? name) => new(!IsUsed(name) ? "null" : HasFields(name!) ? AnyObject() : AnyJson, null);

    /// <summary>Returns an activity's result that is a list.</summary>
    public StepResult Items(string name, int count) =>
        new($"[{string.Join(',', Enumerable.Repeat(HasFields(name) ? AnyObject() : AnyJson, count))}]", null);

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
    /// Returns whether a statement returns a row regardless of the tables' contents: a SELECT without a table, an aggregate, or an
    /// insertion of values.
    /// </summary>
    public static bool AlwaysHasRow(string sql)
    {
        var shape = SqlShape.Of(sql);
        return shape.IsOneRow
            || (shape.Keyword == "SELECT" && Aggregate().IsMatch(sql) && !sql.Contains("GROUP BY", StringComparison.OrdinalIgnoreCase))
            || (shape.Keyword == "INSERT" && sql.Contains("VALUES", StringComparison.OrdinalIgnoreCase)
                && !sql.Contains("ON CONFLICT", StringComparison.OrdinalIgnoreCase));
    }

    private string AnyObject() =>
        "{" + string.Join(',', _allFields.Select(field => $"{JsonSerializer.Serialize(field)}:{AnyJson}")) + "}";

    private bool HasFields(string name) => _fields.GetValueOrDefault(name)?.Any(field => field.Length > 0) == true;

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
