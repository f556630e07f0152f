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

        if (source is not var (rows, element, form) || (parallel is null && call["maxParallel"] is not null))
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
            var results = Compose.Sql(ItemRows.Select(node.Name, returned, body.Form, flow));
            results.Name = name;
            return Compose.Then(node, results);
        }

        return node;
    }

    /// <summary>The result whose items a FOREACH runs for, and the type of an item; null after reporting that there is none.</summary>
    private (string Name, ITypeSymbol Element, ResultForm Form)? Items(ExpressionSyntax expression)
    {
        switch (new ValueResolver(flow).Resolve(expression, scope))
        {
            case Binding.Rows rows:
                return (rows.Name, rows.Element, ResultForm.Rows);
            case Binding.Value { IsWhole: true } list when ScalarTypes.ElementOf(list.Type) is { } element:
                return (list.Result!, element, ResultForm.Json);
            default:
                flow.Reporter.Report(
                    Descriptors.NoSetting, expression.GetLocation(), expression,
                    "the rows of an earlier Query, which may select from jsonb_array_elements(…), or the list that an activity returned " +
                    "as its whole result");
                return null;
        }
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
