using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Diagnostics;
using PgDurable.Generators.Model;
using PgDurable.Generators.Parsing;
using PgDurable.Graph;

namespace PgDurable.Generators.Lowering;

/// <summary>JOIN, RACE and FOREACH.</summary>
internal sealed partial class FlowLowering
{
    private const string LostInParallel =
        "branches run at the same time and don't see each other. Let the branch return the value, and take it with an 'out var' of " +
        "Parallel";

    private const string LostInForEach =
        "each item has its own copy. Let the body return the value, and take the values of all items with an 'out var' of ForEach";

    private GraphNode? Parallel(StepCall call)
    {
        if (call.Method.TypeArguments.Length == 0)
            return Branches(NodeKind.Join, call, LostInParallel, out _);

        var branches = new List<Lowered>();
        foreach (var parameter in call.Method.Parameters.Where(parameter => parameter.RefKind == RefKind.None))
            branches.Add(call[parameter.Name] is { } branch ? Branch(branch, LostInParallel) : default);
        call.Infer([.. branches.Select(branch => branch.Type)]);
        var outs = call.Outs.ToArray();

        // Bound after all are lowered, because no branch sees what another one returns.
        for (var i = 0; i < branches.Count && i < outs.Length; i++)
        {
            if (branches[i].Node is not null)
                NameResult(branches[i], outs[i].Argument, outs[i].Type);
        }

        return branches.Any(branch => branch.Node is null)
            ? null
            : Compose.Branches(NodeKind.Join, [.. branches.Select(branch => branch.Node!)]);
    }

    private GraphNode? Race(StepCall call, Chain chain)
    {
        var node = Branches(NodeKind.Race, call, lost: null, out var branches);
        call.Infer(branches.Select(branch => branch.Type).FirstOrDefault(type => type is not null));
        chain.Ends = branches.Length > 0 && branches.All(branch => branch.Ends);
        return node is null ? null : Named(call, node, Lowered.FormOf(branches));
    }

    private GraphNode? Branches(NodeKind kind, StepCall call, string? lost, out Lowered[] branches)
    {
        branches = [.. call.Rest.Select(argument => Branch(argument.Expression, lost))];
        if (branches.Length < 2)
        {
            flow.Reporter.Report(
                Descriptors.Setting, call.Name.GetLocation(), call.Name,
                "it needs at least two branches, each written as its own argument");
            return null;
        }

        return branches.Any(branch => branch.Node is null) ? null : Compose.Branches(kind, [.. branches.Select(branch => branch.Node!)]);
    }

    private GraphNode? ForEach(StepCall call)
    {
        var source = Items(call["rows"]!);
        int? parallel = null;
        if (call["maxParallel"] is { } limit)
        {
            parallel = Settings.Integer(limit);
            if (parallel is < 1 or > Limits.MaxParallel)
            {
                flow.Reporter.Report(
                    Descriptors.Setting, limit.GetLocation(), limit, $"maxParallel must be between 1 and {Limits.MaxParallel}");
            }
        }

        if (source is not var (before, rows, element, form) || (parallel is null && call["maxParallel"] is not null))
            return null;

        var item = ItemName(call["body"]!);
        var body = Branch(
            call["body"]!, LostInForEach,
            form == ResultForm.Rows ? new Binding.Row(item, element, MayBeMissing: false) : Binding(item, element, form));
        if (body.Node is null)
            return null;
        if (body.Type is null)
            call.Infer(element);
        else
            call.Infer(element, body.Type);
        var node = Compose.ForEach(rows, body.Node, item, parallel);
        foreach (var (type, argument) in call.Outs)
        {
            if (NameOf(argument) is null)
                continue;
            var name = Bind(argument, type)!;
            if (type is not INamedTypeSymbol { TypeArguments: [var returned] })
                return Failed();
            node.Name = flow.Names.Take(name + "_items", out _);
            Locate(node, call.Name);
            var results = Compose.Sql(ItemRows.Select($"${node.Name}::jsonb", returned, body.Form, flow));
            results.Name = name;
            return After(before, Compose.Then(node, results));
        }

        return After(before, node);

        static GraphNode After(GraphNode? before, GraphNode node) => before is null ? node : Compose.Then(before, node);
    }

    /// <summary>
    /// The result whose items a FOREACH runs for, with the step that makes it of a list or a range, if any, and the type of an item; null
    /// after reporting that there is none.
    /// </summary>
    private (GraphNode? Before, string Name, ITypeSymbol Element, ResultForm Form)? Items(ExpressionSyntax expression)
    {
        (expression, var source) = FlowModel.Follow(expression, scope);
        if (source != scope)
            return new FlowLowering(flow, source).Items(expression);
        switch (new ValueResolver(flow).Resolve(expression, scope))
        {
            case Binding.Rows rows:
                return (null, rows.Name, rows.Element, ResultForm.Rows);
            case Binding.Value { IsWhole: true } list when ScalarTypes.ElementOf(list.Type) is { } element:
                return (null, list.Result!, element, ResultForm.Json);
            case Binding.Value list when ScalarTypes.ElementOf(list.Type) is { } element:
                var items = ValueSql.Json(list);
                return Made(ItemRows.Select(
                    list.MayBeNull || list.Path.Count > 0 ? $"nullif({items}, 'null')" : items, element, ResultForm.Json, flow), element);
        }

        if (expression is InvocationExpressionSyntax { ArgumentList.Arguments: [var first, var count] } call
            && scope.SymbolOf(call) is IMethodSymbol { Name: "Range" } range && range.ContainingType.IsInSdk(WellKnownNames.Rows))
        {
            var (start, length) = Argument("start") is { } from && Argument("count") is { } to ? (from, to) : (first, count);
            var expressions = new ExpressionLowering(flow, scope);
            return expressions.Lower(start.Expression) is { } low && expressions.Lower(length.Expression) is { } number
                ? Made(
                    $"SELECT n.n AS value FROM generate_series(({low})::integer, ({low})::integer + ({number})::integer - 1) AS n (n)",
                    flow.Compilation.GetSpecialType(SpecialType.System_Int32))
                : null;

            ArgumentSyntax? Argument(string name) =>
                call.ArgumentList.Arguments.FirstOrDefault(argument => argument.NameColon?.Name.Identifier.ValueText == name);
        }

        flow.Reporter.Report(
            Descriptors.NoSetting, expression.GetLocation(), expression,
            "the rows of an earlier Query, a list of the input or of a result, or Rows.Range(start, count)");
        return null;
    }

    private (GraphNode? Before, string Name, ITypeSymbol Element, ResultForm Form) Made(string sql, ITypeSymbol element)
    {
        var step = Compose.Sql(sql);
        step.Name = flow.Names.Take("items", out _);
        return (step, step.Name, element, ResultForm.Rows);
    }

    private string ItemName(ExpressionSyntax body)
    {
        var parameter = body.WithoutParentheses() is ParenthesizedLambdaExpressionSyntax { ParameterList.Parameters: [_, var second] }
            ? second
            : null;
        return parameter is null || parameter.Identifier.ValueText == "_"
            ? flow.Names.Take("item", out _)
            : NameOf(parameter.Identifier.ValueText, parameter);
    }
}
