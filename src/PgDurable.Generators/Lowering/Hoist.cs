using PgDurable.Generators.Model;
using PgDurable.Sql;

namespace PgDurable.Generators.Lowering;

/// <summary>
/// A SQL step of the generator's own before a step whose texts and JSON can only name results: it computes the values that are more than
/// that.
/// </summary>
internal sealed class Hoist(FlowModel flow)
{
    private readonly List<string> _columns = [];
    private string? _name;

    /// <summary>Has a value computed as text and returns the reference to it.</summary>
    public string Text(string sql) => Add($"({sql})::text");

    /// <summary>Has a value computed as JSON and returns the reference to it.</summary>
    public string Json(string sql) => Add($"to_jsonb({sql})") + "?";

    /// <summary>The step, if there was something to compute, and then the other.</summary>
    public GraphNode Before(GraphNode node)
    {
        if (_name is null)
            return node;
        var step = Compose.Sql($"SELECT {string.Join(", ", _columns)}");
        step.Name = _name;
        step.Source = node.Source;
        return Compose.Then(step, node);
    }

    private string Add(string sql)
    {
        _name ??= flow.Names.Take("computed", out _);
        _columns.Add($"{sql} AS {SqlQuote.Identifier($"v{_columns.Count + 1}")}");
        return $"${_name}.v{_columns.Count}";
    }
}
