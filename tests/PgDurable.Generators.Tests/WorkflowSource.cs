using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PgDurable.Generators.Tests;

/// <summary>Sources of small workflows.</summary>
internal static class WorkflowSource
{
    /// <summary>A workflow with the given steps, and with an input, two kinds of rows and a few members to refer to.</summary>
    public static string WithSteps(string steps, string members = "") =>
        $$""""
        namespace Shop;

        [Workflow("ship")]
        public sealed partial class Ship : IWorkflow<Ship.Input>
        {
            public sealed record Address(string City);
            public sealed record Input(long OrderId, string Name, string? Note, int? Amount, Address Address, int[] Ids);
            public sealed record Order(long OrderId, decimal Total, string? Note, [Column("qty")] int Quantity);
            {{members}}
            public static Flow Define(Flow flow, Input input) => flow{{steps}};
        }
        """";

    /// <summary>A workflow with one statement.</summary>
    public static string WithSql(string sql, string members = "") => WithSteps($".Execute({sql})", members);

    /// <summary>The graph of a valid workflow: its JSON and, without the comments, its SQL.</summary>
    public static (string Json, string Sql) GraphOf(string source)
    {
        var run = GeneratorRun.Valid(source);
        var sql = Literal(run.Files(".Sources.g.cs"), "__PgDurableSql =");
        return (Literal(run.Sources, "graphJson:"), Regex.Replace(sql, @"/\* \w+\.cs:[0-9]+ \*/ ", ""));
    }

    private static string Literal(IReadOnlyList<string> files, string before)
    {
        var line = files.Single(file => !file.Contains("partial class Other", StringComparison.Ordinal)).Split('\n')
            .First(candidate => candidate.Contains(before, StringComparison.Ordinal));
        var expression = line[(line.IndexOf(before, StringComparison.Ordinal) + before.Length)..].Trim().TrimEnd(',', ';');
        return ((LiteralExpressionSyntax)SyntaxFactory.ParseExpression(expression)).Token.ValueText;
    }

    /// <summary>The SQL of the steps of a valid workflow, in order.</summary>
    public static IReadOnlyList<string> SqlOf(string source)
    {
        var (json, _) = GraphOf(source);
        using var document = System.Text.Json.JsonDocument.Parse(json);
        var steps = new List<string>();
        Collect(document.RootElement, steps);
        return steps;
    }

    private static void Collect(System.Text.Json.JsonElement node, List<string> steps)
    {
        if (node.GetProperty("node_type").GetString() == "SQL")
        {
            var name = node.TryGetProperty("result_name", out var value) ? $" => {value.GetString()}" : "";
            steps.Add(node.GetProperty("query").GetString() + name);
            return;
        }

        Collect(node.GetProperty("left_node"), steps);
        Collect(node.GetProperty("right_node"), steps);
    }
}
