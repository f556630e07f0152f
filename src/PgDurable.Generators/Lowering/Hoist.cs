using PgDurable.Generators.Model;
using PgDurable.Sql;

namespace PgDurable.Generators.Lowering;

/// <summary>
/// A SQL step that the generator adds before another step. The texts and the JSON of that step can only refer to results, so this one
/// computes all other values.
/// </summary>
internal sealed class Hoist(FlowModel flow)
{
    private readonly List<string> _columns = [];
    private string? _name;

    /// <summary>Adds a value that is computed as text, and returns the reference to it.</summary>
    public string Text(string sql) => Add($"({sql})::text");

    /// <summary>Adds a value that is computed as JSON, and returns the reference to it.</summary>
    public string Json(string sql) => Add($"to_jsonb({sql})") + "?";

    /// <summary>This step, if there is something to compute, followed by the other.</summary>
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
