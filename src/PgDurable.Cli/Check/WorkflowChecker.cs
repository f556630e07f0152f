using System.Collections.Frozen;
using Npgsql;
using PgDurable.Cli.Workflows;
using PgDurable.Graph;
using PgDurable.Sql;

namespace PgDurable.Cli.Check;

/// <summary>Checks the SQL steps of a workflow, in such an order that the results of earlier steps are known.</summary>
internal sealed class WorkflowChecker
{
    // The statements that PostgreSQL can prepare.
    private static readonly FrozenSet<string> Preparable =
        FrozenSet.Create("SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "WITH", "VALUES", "TABLE");

    private readonly BuiltWorkflow _built;
    private readonly Registrant _workflow;
    private readonly WorkflowGraph _graph;
    private readonly StatementChecker _statements;
    private readonly CheckReport _report;
    private readonly Dictionary<string, Shape> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<int, Shape> _shapes = [];

    private WorkflowChecker(BuiltWorkflow built, StatementChecker statements, CheckReport report)
    {
        (_built, _workflow, _statements, _report) = (built, built.Registrant, statements, report);
        _graph = WorkflowGraph.Parse(_workflow.Graph);
        _names["input"] = new Shape(Columns: null, built.Input);
        // The body of a loop may refer to steps that come after it.
        foreach (var node in _graph.Nodes)
        {
            if (node.Kind == NodeKind.Try)
                _names["error"] = Shape.Unknown;
            if (node.ResultName is not null)
                _names[node.ResultName] = Shape.Unknown;
            if (node.Config is NodeConfig.ForEach each)
                _names[each.ItemName] = Shape.Unknown;
        }
    }

    public static async Task CheckAsync(BuiltWorkflow workflow, StatementChecker statements, CheckReport report, CancellationToken ct)
    {
        var checker = new WorkflowChecker(workflow, statements, report);
        await checker.VisitAsync(0, ct);
        foreach (var last in checker.LastSteps(0))
            checker.CheckResult(last);
    }

    // The steps whose result can become the workflow's result.
    private IEnumerable<Node> LastSteps(int number)
    {
        var node = _graph.Nodes[number];
        return node.Kind switch
        {
            NodeKind.Sql => [node],
            NodeKind.Then => LastSteps(node.Right),
            NodeKind.If => LastSteps(node.Left).Concat(LastSteps(node.Right)),
            NodeKind.Retry or NodeKind.Timeout or NodeKind.Undo or NodeKind.Try => LastSteps(node.Left),
            _ => [],
        };
    }

    private void CheckResult(Node last)
    {
        if (_shapes.GetValueOrDefault(last.Number)?.Columns is not { Count: > 0 } columns)
            return;
        foreach (var (name, property, family) in _built.Result)
        {
            var (column, type) = name is null ? columns[0] : columns.FirstOrDefault(each => each.Name == name);
            if (column is null)
            {
                var all = string.Join(", ", columns.Select(each => each.Name));
                Add(
                    last, sqlState: null, $"the result has no column '{name}' for {property} (it has: {all})",
                    "Return this column, or name a column with AS.", near: null);
            }
            else if (ClrTypes.FamilyOf(type) is var found && found != family && found != TypeFamily.Other && family != TypeFamily.Other)
            {
                var expected = family switch { TypeFamily.Number => "a number", TypeFamily.Boolean => "a boolean", _ => "text" };
                Add(
                    last, sqlState: null, $"column '{column}' of the result has type {type}, but {property} needs {expected}",
                    "Cast the column in the SQL, or change the type of the property.", near: null);
            }
        }
    }

    private async Task<Shape> VisitAsync(int number, CancellationToken ct)
    {
        var node = _graph.Nodes[number];
        if (node.Config is NodeConfig.ForEach each)
            _names[each.ItemName] = _names.GetValueOrDefault(each.Rows, Shape.Unknown);
        var left = node.Left >= 0 ? await VisitAsync(node.Left, ct) : Shape.Unknown;
        var right = node.Right >= 0 ? await VisitAsync(node.Right, ct) : Shape.Unknown;
        if (node.Condition >= 0)
            await VisitAsync(node.Condition, ct);
        foreach (var extra in node.Extra)
            await VisitAsync(extra, ct);

        var shape = node.Kind switch
        {
            NodeKind.Sql => await CheckAsync(node, ct),
            NodeKind.Then => right,
            NodeKind.Retry or NodeKind.Timeout or NodeKind.Undo => left,
            _ => Shape.Unknown,
        };
        _shapes[number] = shape;
        if (node.ResultName is not null)
            _names[node.ResultName] = shape;
        return shape;
    }

    private async Task<Shape> CheckAsync(Node node, CancellationToken ct)
    {
        PreparedText? text;
        try
        {
            text = SqlStatements.FirstKeyword(node.Query!) is { } keyword && Preparable.Contains(keyword)
                ? PreparedText.Of(node.Query!, _names)
                : null;
        }
        catch (UnknownColumnException error)
        {
            Add(node, sqlState: null, error.Message, "Return the column from that step, or refer to one that it returns.", near: null);
            return Shape.Unknown;
        }

        if (text is null)
        {
            _report.Unchecked.Add($"{_workflow.Name}: {node.Name}");
            return Shape.Unknown;
        }

        _report.Checked++;
        try
        {
            return await _statements.CheckAsync(text, ct);
        }
        catch (PostgresException error)
        {
            Add(node, error.SqlState, error.MessageText, error.Hint, Near(_statements.LastRead, error.Position));
            return Shape.Unknown;
        }
    }

    private void Add(Node node, string? sqlState, string message, string? hint, string? near) => _report.Findings.Add(new(
        _workflow.Name, _workflow.Version, node.Name, _built.SourceOf(node), sqlState, message, hint, near));

    private static string? Near(string sql, int position)
    {
        if (position <= 0 || position > sql.Length)
            return null;
        var line = sql[(position - 1)..].Split('\n')[0];
        return Lines.Cut(line, 60);
    }
}
