using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Diagnostics;
using PgDurable.Generators.Model;
using PgDurable.Generators.Parsing;
using PgDurable.Graph;
using PgDurable.Sql;

namespace PgDurable.Generators.Lowering;

/// <summary>IF, LOOP and BREAK.</summary>
internal sealed partial class FlowLowering
{
    private GraphNode? If(StepCall call, Chain chain)
    {
        var test = call["condition"]!;
        var rows = RowsTest(call, test, out var isNegated);
        var condition = rows is null ? Condition(call) : null;
        var then = Branch(call["then"]!);
        var otherwise = call["otherwise"] is { } branch
            ? Branch(branch)
            : new(Nothing(), Ends: false, Name: null, Type: null, ResultForm.Rows);
        chain.Ends = then.Ends && otherwise.Ends;
        call.Infer(then.Type ?? otherwise.Type);
        if ((rows is null && condition is null) || then.Node is null || otherwise.Node is null)
            return null;
        var node = rows is null
            ? Compose.If(condition!, then.Node, otherwise.Node)
            : isNegated ? Compose.IfRows(rows, otherwise.Node, then.Node) : Compose.IfRows(rows, then.Node, otherwise.Node);
        return Named(call, node, Lowered.FormOf(then, otherwise));
    }

    /// <summary>Names a node by the call's <c>out</c> variable.</summary>
    private GraphNode Named(StepCall call, GraphNode node, ResultForm form = ResultForm.Rows)
    {
        call.Form = form;
        foreach (var (type, argument) in call.Outs)
            node.Name = Bind(argument, type, form: form);
        return node;
    }

    // `batch.Any` needs no SQL: the engine looks at the result.
    private string? RowsTest(StepCall call, ExpressionSyntax test, out bool isNegated)
    {
        test = test.WithoutParentheses();
        isNegated = test.IsKind(SyntaxKind.LogicalNotExpression);
        if (isNegated)
            test = ((PrefixUnaryExpressionSyntax)test).Operand.WithoutParentheses();
        var owner = test switch
        {
            MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Any" } member => member.Expression,
            InvocationExpressionSyntax
            {
                Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Any" } member,
                ArgumentList.Arguments.Count: 0,
            } => member.Expression,
            _ => null,
        };
        return owner is not null
            && StepOverloads.IsBoolean(call.Method)
            && new ValueResolver(flow).Resolve(owner, scope) is Binding.Rows rows
                ? rows.Name
                : null;
    }

    private GraphNode? Condition(StepCall call)
    {
        var expression = call["condition"]!;
        var text = new SqlTextLowering(flow, scope);
        var sql = StepOverloads.IsBoolean(call.Method)
            ? new ExpressionLowering(flow, scope).Lower(expression) is { } condition ? $"SELECT {Bare(condition)}" : null
            : text.Lower(expression);
        if (sql is null)
            return null;
        var node = Compose.Sql(sql);
        if (text.Source is { } source)
            flow.Statements.Add(node, new(source, Row: null, call.Name.GetLocation(), MayBeMissing: false));
        Locate(node, expression);
        return node;
    }

    // The outermost parentheses are redundant.
    private static string Bare(string sql)
    {
        if (sql[0] != '(' || sql[sql.Length - 1] != ')')
            return sql;
        var depth = 0;
        var lexer = new SqlLexer(sql);
        while (lexer.Read(out var token))
        {
            if (token.End - token.Start != 1)
                continue;
            depth += sql[token.Start] switch { '(' => 1, ')' => -1, _ => 0 };
            if (depth == 0 && token.End < sql.Length)
                return sql;
        }

        return sql.Substring(1, sql.Length - 2);
    }

    private static GraphNode Nothing() => Compose.Sql("SELECT NULL");

    private GraphNode? While(StepCall call)
    {
        var settings = LoopSettings(call);
        var first = Condition(call);
        var loop = new LoopState();
        flow.Loops.Push(loop);
        var body = Branch(call["body"]!);
        // Lowered again, because the body may have rebound a variable.
        var again = first is null ? null : Condition(call);
        flow.Loops.Pop();
        var condition = call["condition"]!;
        if (StepOverloads.IsBoolean(call.Method) && !loop.Ends && !scope.VariablesIn(condition).Any(loop.Assigned.Contains))
            flow.Reporter.Warn(Descriptors.EndlessWhile, condition.GetLocation(), condition);
        return first is null || again is null || body.Node is null || settings is null
            ? null
            : Compose.If(first, Compose.Loop(body.Node, again, settings.Value), Nothing());
    }

    /// <summary>The settings of a loop; null after reporting what is wrong with them.</summary>
    private LoopSettings? LoopSettings(StepCall call)
    {
        int? interval = null;
        if (call["minInterval"] is { } pace)
        {
            const string Range = "an interval must be between zero and one day, in whole milliseconds";
            interval = (int?)(Settings.Seconds(pace, 0, Limits.MaxIntervalMs / 1000m, isWhole: false, Range) * 1000);
            if (interval is null)
                return null;
        }

        var goesOn = call["continueOnFailure"] is { } given ? Settings.Flag(given) : false;
        return goesOn is null ? null : new(interval, goesOn.Value);
    }

    private GraphNode? Forever(StepCall call, Chain chain)
    {
        if (LoopSettings(call) is not { } settings)
            return null;
        var loop = new LoopState();
        flow.Loops.Push(loop);
        var body = Branch(call["body"]!);
        flow.Loops.Pop();
        if (body.Node is null)
            return null;
        if (!loop.Waits && !loop.Ends && settings.MinIntervalMs is null)
            flow.Reporter.Report(Descriptors.BusyLoop, call.Name.GetLocation());
        chain.Ends = !loop.Breaks;
        return Named(call, Compose.Loop(body.Node, condition: null, settings));
    }

    private GraphNode? Break(StepCall call, Chain chain)
    {
        chain.Ends = true;
        if (flow.Loops.Count == 0)
        {
            flow.Reporter.Report(Descriptors.BreakOutside, call.Name.GetLocation());
            return null;
        }

        flow.Loops.Peek().Breaks = true;
        flow.Loops.Peek().Ends = true;
        if (call["value"] is not { } value)
            return Compose.Break(null);

        // A row of one or more columns, as a query would have returned it, so that readers of the loop's result see no difference.
        var row = RowOf(value, call.Result);
        if (row is null)
            return null;
        var hoist = new Hoist(flow);
        var reference = hoist.Json($"json_build_object('rows', json_build_array({row}), 'row_count', 1)").TrimEnd('?');
        return hoist.Before(Compose.Break(reference));
    }
}
