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
    private GraphNode? Parallel(StepCall call)
    {
        if (call.Method.TypeArguments.Length == 0)
            return Branches(NodeKind.Join, call, out _, out _);

        var branches = new List<Lowered>();
        foreach (var parameter in call.Method.Parameters.Where(parameter => parameter.RefKind == RefKind.None))
            branches.Add(call[parameter.Name] is { } branch ? Branch(branch) : default);
        call.Infer([.. branches.Select(branch => branch.Type)]);
        var outs = call.Outs.ToArray();

        // Bound when all are lowered: no branch sees what another one returns.
        for (var i = 0; i < branches.Count && i < outs.Length; i++)
        {
            if (branches[i].Node is not null)
                NameResult(branches[i], outs[i].Argument, outs[i].Type);
        }

        return branches.Any(branch => branch.Node is null) ? null : Compose.Branches(NodeKind.Join, [.. branches.Select(branch => branch.Node!)]);
    }

    private GraphNode? Race(StepCall call, Chain chain)
    {
        var node = Branches(NodeKind.Race, call, out var ends, out var type);
        call.Infer(type);
        chain.Ends = ends;
        return node is null ? null : Named(call, node);
    }

    private GraphNode? Branches(NodeKind kind, StepCall call, out bool ends, out ITypeSymbol? type)
    {
        var branches = call.Rest.Select(argument => Branch(argument.Expression)).ToArray();
        ends = branches.Length > 0 && branches.All(branch => branch.Ends);
        type = branches.Select(branch => branch.Type).FirstOrDefault(branch => branch is not null);
        if (branches.Length < 2)
        {
            flow.Reporter.Report(Descriptors.Setting, call.Name.GetLocation(), call.Name, "it takes two branches or more, written one by one");
            return null;
        }

        return branches.Any(branch => branch.Node is null) ? null : Compose.Branches(kind, [.. branches.Select(branch => branch.Node!)]);
    }

    private GraphNode? ForEach(StepCall call)
    {
        var source = new ValueResolver(flow).Resolve(call["rows"]!, scope) as Binding.Rows;
        if (source is null)
            flow.Reporter.Report(Descriptors.NoSetting, call["rows"]!.GetLocation(), call["rows"]!, "the rows of an earlier Query");
        int? parallel = null;
        if (call["maxParallel"] is { } limit)
        {
            parallel = Settings.Integer(limit);
            if (parallel is < 1 or > Limits.MaxParallel)
                flow.Reporter.Report(
                    Descriptors.Setting, limit.GetLocation(), limit, $"from 1 to {Limits.MaxParallel} run at the same time");
        }

        if (source is null || (parallel is null && call["maxParallel"] is not null))
            return null;

        var item = ItemName(call["body"]!);
        var body = Branch(call["body"]!, new Binding.Row(item, source.Element, MayBeMissing: false));
        if (body.Node is null)
            return null;
        if (body.Type is null)
            call.Infer(source.Element);
        else
            call.Infer(source.Element, body.Type);
        var node = Compose.ForEach(source.Name, body.Node, item, parallel);
        foreach (var (type, argument) in call.Outs)
        {
            if (NameOf(argument) is null)
                continue;
            var name = Bind(argument, type)!;
            if (type is not INamedTypeSymbol { TypeArguments: [var element] })
                return Failed();
            node.Name = flow.Names.Take(name + "_items", out _);
            Locate(node, call.Name);
            var rows = Compose.Sql(ItemRows.Select(node.Name, element, flow));
            rows.Name = name;
            return Compose.Then(node, rows);
        }

        return node;
    }

    private string ItemName(ExpressionSyntax body)
    {
        var parameter = body.WithoutParentheses() is ParenthesizedLambdaExpressionSyntax { ParameterList.Parameters: [_, var second] } ? second : null;
        return parameter is null || parameter.Identifier.ValueText == "_"
            ? flow.Names.Take("item", out _)
            : NameOf(parameter.Identifier.ValueText, parameter);
    }
}
