using Microsoft.CodeAnalysis;
using PgDurable.Generators.Model;
using PgDurable.Generators.Parsing;
using PgDurable.Generators.Spec;

namespace PgDurable.Generators.Lowering;

/// <summary>Lowers a workflow from symbols to a spec, which keeps nothing of the compilation.</summary>
internal static class WorkflowLowering
{
    /// <summary>Returns null for a workflow that the analyzers report on.</summary>
    public static ParsedWorkflow? Lower(INamedTypeSymbol type, AttributeData attribute, Compilation compilation, CancellationToken ct)
    {
        var reporter = new Reporter();
        if (DeclarationParser.Parse(type, attribute, reporter, ct) is not { } workflow)
            return null;

        var flow = new FlowModel(compilation, type, reporter, ct);
        var root = DefinitionLowering.Lower(flow, attribute, workflow.Define, workflow.Syntax);
        var types = TypesParser.Parse(workflow, flow.Signals, flow.State, compilation, reporter);
        if (root is null || reporter.HasErrors || types is null)
            return null;

        var (hint, space) = (ClassPlace.HintNameOf(type), ClassPlace.NamespaceOf(type));
        var headers = new EquatableArray<string>(ClassPlace.HeadersOf(type, ct));
        var numbers = GraphNumbers.Of(root, out _);
        var accessibility = MemberAccessibility.Of(type, workflow.Input, workflow.Output);
        var isListed = accessibility != "private" && compilation.IsSymbolAccessibleWithin(type, compilation.Assembly);
        return new(
            new(
                hint,
                space,
                headers,
                isListed ? TypeParser.NameOf(type) : null,
                accessibility,
                workflow.Name,
                workflow.Version,
                attribute.Setting(WellKnownNames.Description) as string,
                TypeParser.NameOf(workflow.Input),
                root.ToJson(),
                types.Input,
                types.InputRecords,
                types.Result,
                types.State,
                types.ReadRecords,
                types.Signals),
            new(
                hint,
                space,
                headers,
                SqlWriter.Write(root, numbers),
                new([.. numbers.OrderBy(node => node.Value).Select(node => new LineSpec(node.Key.Source!.File, node.Key.Source.Line))])));
    }
}
