using System.Collections.Frozen;
using Npgsql;
using PgDurable.Graph;
using PgDurable.Sql;

namespace PgDurable.Cli.Check;

/// <summary>Checks the SQL steps of one workflow, in an order in which earlier steps' results are known.</summary>
internal sealed class WorkflowChecker
{
    // What PostgreSQL prepares.
    private static readonly FrozenSet<string> Preparable = FrozenSet.Create("SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "WITH", "VALUES", "TABLE");

    private readonly Registrant _workflow;
    private readonly WorkflowGraph _graph;
    private readonly StatementChecker _statements;
    private readonly CheckReport _report;
    private readonly Dictionary<string, Shape> _names = new(StringComparer.Ordinal) { ["input"] = Shape.Unknown };

    private WorkflowChecker(Registrant workflow, StatementChecker statements, CheckReport report)
    {
        (_workflow, _statements, _report) = (workflow, statements, report);
        _graph = WorkflowGraph.Parse(workflow.Graph);
        // A loop's body may refer to a step after it.
        foreach (var node in _graph.Nodes)
        {
            if (node.Kind == NodeKind.Try) _names["error"] = Shape.Unknown;
            if (node.ResultName is not null) _names[node.ResultName] = Shape.Unknown;
            if (node.Config is NodeConfig.ForEach each) _names[each.ItemName] = Shape.Unknown;
        }
    }

    public static Task CheckAsync(Registrant workflow, StatementChecker statements, CheckReport report, CancellationToken ct) =>
        new WorkflowChecker(workflow, statements, report).VisitAsync(0, ct);

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
        if (node.ResultName is not null)
            _names[node.ResultName] = shape;
        return shape;
    }

    private async Task<Shape> CheckAsync(Node node, CancellationToken ct)
    {
        PreparedText? text;
        try
        {
            text = SqlStatements.FirstKeyword(node.Query!) is { } keyword && Preparable.Contains(keyword) ? PreparedText.Of(node.Query!, _names) : null;
        }
        catch (UnknownColumnException error)
        {
            Add(node, sqlState: null, error.Message, "Let that step return the column, or use one that it has.", near: null);
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
            Add(node, error.SqlState, error.MessageText, error.Hint, Near(StatementChecker.Prepare(text), error.Position));
            return Shape.Unknown;
        }
    }

    private void Add(Node node, string? sqlState, string message, string? hint, string? near) => _report.Findings.Add(new(
        _workflow.Name, _workflow.Version, node.Name, node.Number < _workflow.Sources.Count ? _workflow.Sources[node.Number] : null, sqlState, message, hint, near));

    private static string? Near(string sql, int position)
    {
        if (position <= 0 || position > sql.Length)
            return null;
        var line = sql[(position - 1)..].Split('\n')[0];
        return Lines.Cut(line, 60);
    }
}
