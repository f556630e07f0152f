using System.Collections.Frozen;
using Npgsql;
using PgDurable.Cli.Prepare;
using PgDurable.Cli.Workflows;
using PgDurable.Doctor;
using PgDurable.Graph;
using PgDurable.Sql;

namespace PgDurable.Cli.Check;

/// <summary>Checks the SQL steps of a workflow, in such an order that the results of earlier steps are known.</summary>
internal sealed class WorkflowChecker
{
    private const string Input = "input";

    // The statements that PostgreSQL can prepare.
    private static readonly FrozenSet<string> Preparable =
        FrozenSet.Create("SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "WITH", "VALUES", "TABLE");

    private readonly BuiltWorkflow _built;
    private readonly Registrant _workflow;
    private readonly WorkflowGraph _graph;
    private readonly StatementChecker _statements;
    private readonly CheckReport _report;
    private readonly StatementDescriptions? _descriptions;
    private readonly Dictionary<string, Shape> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<int, Shape> _shapes = [];

    private WorkflowChecker(
        BuiltWorkflow built, StatementChecker statements, CheckReport report, StatementDescriptions? descriptions)
    {
        (_built, _workflow, _statements, _report, _descriptions) = (built, built.Registrant, statements, report, descriptions);
        _graph = WorkflowGraph.Parse(_workflow.Graph);
        _names[Input] = new Shape(Columns: null, built.Input);
        _names["sys_instance_id"] = _names["sys_label"] = _names["sys_started_at"] = Shape.Unknown;
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

    /// <summary>Checks a workflow.</summary>
    /// <param name="workflow">The workflow.</param>
    /// <param name="statements">The connection.</param>
    /// <param name="report">Takes what is wrong.</param>
    /// <param name="descriptions">Takes what the server says about each statement, or null if nobody needs it.</param>
    /// <param name="ct">Cancels the call.</param>
    public static async Task CheckAsync(
        BuiltWorkflow workflow, StatementChecker statements, CheckReport report, StatementDescriptions? descriptions, CancellationToken ct)
    {
        WorkflowChecker checker;
        try
        {
            checker = new WorkflowChecker(workflow, statements, report, descriptions);
        }
        catch (GraphFormatException error)
        {
            var built = workflow.Registrant;
            report.Findings.Add(new(
                built.Name, built.Version, "", built.Sources.FirstOrDefault(), SqlState: null, error.Message, Hint: null, Near: null));
            return;
        }

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
                _report.Findings.Add(At(last) with
                {
                    Message = $"the result has no column '{name}' for {property} (it has: {all})",
                    Hint = "Return this column, or name a column with AS.",
                });
            }
            else if (ClrTypes.FamilyOf(type) is var found && found != family && found != TypeFamily.Other && family != TypeFamily.Other)
            {
                var expected = family switch { TypeFamily.Number => "a number", TypeFamily.Boolean => "a boolean", _ => "text" };
                _report.Findings.Add(At(last) with
                {
                    Message = $"column '{column}' of the result has type {type}, but {property} needs {expected}",
                    Hint = "Cast the column in the SQL, or change the type of the property.",
                });
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
            text = PreparedText.Of(node.Query!, _names);
        }
        catch (UnknownColumnException error)
        {
            Reject(
                node, sqlState: null, error.Message, "Return the column from that step, or refer to one that it returns.", position: null);
            return Shape.Unknown;
        }

        if (text is null)
        {
            Skip(node, "it takes all columns of a result, and these aren't known");
            return Shape.Unknown;
        }

        var canPrepare = SqlStatements.FirstKeyword(node.Query!) is not { } keyword || Preparable.Contains(keyword);
        try
        {
            if (!canPrepare)
            {
                await _statements.ParseAsync(text, ct);
                Skip(node, "PostgreSQL can't prepare statements of this kind");
                return Shape.Unknown;
            }

            var columns = await _statements.CheckAsync(text, ct);
            _report.Checked++;
            if (_descriptions is not null)
                await DescribeAsync(node, columns, ct);
            return new([.. columns.Select(column => (column.Name, column.Type))]);
        }
        catch (StatementException error) when (IsCertain(error, text, canPrepare))
        {
            _report.Checked++;
            Reject(node, error.Error.SqlState, error.Message, DatabaseHint.For(error.Error), error.Position);
            return Shape.Unknown;
        }
        catch (StatementException)
        {
            Skip(node, "PostgreSQL can't read it without the values");
            return Shape.Unknown;
        }
    }

    // In other kinds of statements, a parameter may not be allowed where the worker inserts a value. Up to that position, the parser has
    // seen only the step's own text.
    private static bool IsCertain(StatementException error, PreparedText text, bool canPrepare) => !text.HasQuotedReferences
        && (canPrepare || text.Origin.FirstReplacement == int.MaxValue
            || (error.Error.SqlState == PostgresErrorCodes.SyntaxError && error.Position < text.Origin.FirstReplacement));

    private async Task DescribeAsync(Node node, IReadOnlyList<ColumnDescription> columns, CancellationToken ct)
    {
        // The input's values have types of their own. What the statement takes shows only without them.
        var names = new Dictionary<string, Shape>(_names, StringComparer.Ordinal) { [Input] = Shape.Unknown };
        var text = PreparedText.Of(node.Query!, names)!;
        IReadOnlyList<string> types = [];
        if (text.References.Count > 0)
        {
            try
            {
                types = await _statements.ParametersAsync(text, ct);
            }
            catch (StatementException)
            {
                // Nothing is known about its parameters then.
            }
        }

        var parameters = text.References.Zip(types, (reference, type) => new ParameterDescription(reference, type)).Distinct();
        _descriptions!.Add(StatementEntry.Of(node.Query!) with { Parameters = [.. parameters], Columns = columns }, At(node));
    }

    private void Skip(Node node, string reason)
    {
        _report.Unchecked.Add($"{_workflow.Name}: {node.Name}");
        _descriptions?.Add(StatementEntry.Of(node.Query!) with { NotDescribed = reason }, At(node));
    }

    private void Reject(Node node, string? sqlState, string message, string? hint, int? position)
    {
        _report.Findings.Add(At(node) with
        {
            SqlState = sqlState,
            Message = message,
            Hint = hint,
            Near = position is { } start ? Lines.Cut(node.Query![start..].Split('\n')[0], 60) : null,
        });
        // Where lines end with two characters, only one is in the entry's text.
        var place = position - node.Query!.AsSpan(0, position ?? 0).Count("\r\n") + 1;
        _descriptions?.Add(StatementEntry.Of(node.Query!) with { Error = new(message, sqlState, hint, place) }, At(node));
    }

    private Finding At(Node node) => new(
        _workflow.Name, _workflow.Version, node.Name, _built.SourceOf(node), SqlState: null, Message: "", Hint: null, Near: null);
}
