using System.Text.Json;

namespace PgDurable.Cli.Check;

/// <summary>What a plan tells about NULL in the columns of a result.</summary>
/// <remarks>
/// It reads the output of <c>EXPLAIN (VERBOSE, FORMAT JSON)</c>, in which an expression is written the same way everywhere.
/// </remarks>
internal sealed class PlanNulls
{
    // Above these nodes, the same column has another name.
    private static readonly HashSet<string> Renaming =
        ["Append", "Merge Append", "Recursive Union", "SetOp", "Subquery Scan", "CTE Scan", "WorkTable Scan", "Table Function Scan"];

    private readonly List<string> _outputs = [];
    private readonly HashSet<string> _nullable = new(StringComparer.Ordinal);
    private readonly List<string> _conditions = [];
    private bool _hasOuterJoin;
    private bool _isOpaque;
    private bool _isWrite;

    /// <summary>Reads a plan.</summary>
    public static PlanNulls Of(string json)
    {
        using var document = JsonDocument.Parse(json);
        var nulls = new PlanNulls();
        // A rule may have turned the statement into several.
        if (document.RootElement.GetArrayLength() != 1 || !document.RootElement[0].TryGetProperty("Plan", out var plan))
        {
            (nulls._hasOuterJoin, nulls._isOpaque) = (true, true);
            return nulls;
        }

        nulls._outputs.AddRange(Outputs(plan));
        nulls._isWrite = Text(plan, "Node Type") == "ModifyTable";
        nulls.Visit(plan, isNullable: false);
        return nulls;
    }

    /// <summary>Whether a column of the result may be NULL; null if that isn't known.</summary>
    /// <param name="index">The column.</param>
    /// <param name="isNullableInTable">Whether the table's column that it comes from may be NULL; null if there is no such column.</param>
    public bool? IsNullable(int index, bool? isNullableInTable)
    {
        var expression = _outputs.ElementAtOrDefault(index) ?? "";
        // The row before an INSERT is NULL, and so is the row after a DELETE.
        if (isNullableInTable is null || (_isWrite && (expression.StartsWith("old.", StringComparison.Ordinal)
            || expression.StartsWith("new.", StringComparison.Ordinal))))
            return null;
        if (isNullableInTable.Value)
            return IsTested(expression) ? null : true;
        if (!_hasOuterJoin)
            return _isOpaque ? null : false;
        return _nullable.Contains(expression) ? true : _isOpaque ? null : false;
    }

    // The condition may have alternatives, so it only means that NULL isn't certain to be possible.
    private bool IsTested(string expression) => expression.Length > 0 && _conditions.Exists(condition =>
        condition.Contains($"({expression} IS NOT NULL)", StringComparison.Ordinal)
        || condition.Contains($".{expression} IS NOT NULL)", StringComparison.Ordinal));

    private void Visit(JsonElement node, bool isNullable)
    {
        var type = Text(node, "Node Type");
        var join = Text(node, "Join Type");
        var isGrouped = node.TryGetProperty("Grouping Sets", out _);
        _hasOuterJoin |= join is "Left" or "Right" or "Full" || isGrouped;
        _isOpaque |= isGrouped || Renaming.Contains(type);
        if (isNullable)
            _nullable.UnionWith(Outputs(node));
        _conditions.AddRange(node.EnumerateObject()
            .Where(property => property.Value.ValueKind == JsonValueKind.String
                && (property.Name.EndsWith("Filter", StringComparison.Ordinal) || property.Name.EndsWith("Cond", StringComparison.Ordinal)))
            .Select(property => property.Value.GetString()!));
        if (!node.TryGetProperty("Plans", out var children))
            return;
        foreach (var child in children.EnumerateArray())
        {
            var isExtended = Text(child, "Parent Relationship") switch
            {
                "Inner" => join is "Left" or "Full",
                "Outer" => join is "Right" or "Full",
                _ => false,
            };
            Visit(child, isNullable || isExtended);
        }
    }

    private static IEnumerable<string> Outputs(JsonElement node) =>
        node.TryGetProperty("Output", out var outputs) ? outputs.EnumerateArray().Select(output => output.GetString()!) : [];

    private static string Text(JsonElement node, string property) =>
        node.TryGetProperty(property, out var value) ? value.GetString()! : "";
}
