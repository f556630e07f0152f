using PgDurable.Graph;

namespace PgDurable.Worker.Engine;

/// <summary>Graphs for tests: sequences of SQL steps, nested in any way.</summary>
internal static class Graphs
{
    public static string Step(string query, string? name = null) =>
        name is null ? $$"""{"node_type":"SQL","query":"{{query}}"}""" : $$"""{"node_type":"SQL","query":"{{query}}","result_name":"{{name}}"}""";

    public static string Then(string left, string right, string? name = null) =>
        $$"""{"node_type":"THEN","left_node":{{left}},"right_node":{{right}}""" + (name is null ? "}" : $$""","result_name":"{{name}}"}""");

    /// <summary>A random tree with the given number of steps; every step, and some inner nodes, have names, and steps read the ones before.</summary>
    public static string Random(Random random, int steps)
    {
        var bound = new List<string>();
        return Tree(steps);

        string Tree(int count)
        {
            if (count == 1)
            {
                var text = bound.Count == 0 || random.Next(3) == 0 ? "SELECT 1" : $"SELECT ${bound[random.Next(bound.Count)]}.v";
                return Step(text, Name());
            }
            var left = random.Next(1, count);
            var first = Tree(left);
            return Then(first, Tree(count - left), random.Next(4) == 0 ? Name() : null);
        }

        string Name()
        {
            // A small set, so that names are bound again.
            var name = $"n{random.Next(5)}";
            bound.Add(name);
            return name;
        }
    }

    public static StepResult Row(int value) =>
        new($$"""{"rows":[{"v":{{value}}}],"row_count":1,"rows_affected":0}""", [new ResultColumn("v", "pg_catalog.int4")]);

    public static WorkflowState NewState(string graph, string? input = null) => new(WorkflowGraph.Parse(graph), input);
}
