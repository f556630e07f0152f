using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Spec;
using PgDurable.Graph;

namespace PgDurable.Generators.Parsing;

/// <summary>From symbols to a spec. Nothing of the compilation leaves this class.</summary>
internal static class WorkflowParser
{
    /// <summary>Returns null for a workflow that the analyzers report on.</summary>
    public static WorkflowSpec? Parse(INamedTypeSymbol type, AttributeData attribute, Compilation compilation, CancellationToken ct)
    {
        var reporter = new Reporter();
        if (DeclarationParser.Parse(type, attribute, reporter, ct) is not { } workflow)
            return null;

        var model = compilation.GetSemanticModel(workflow.Syntax.SyntaxTree);
        var steps = new FlowParser(model, workflow.Define, reporter, ct).Parse(workflow.Syntax);
        var types = TypesParser.Parse(workflow, compilation, reporter);
        if (reporter.HasErrors || types is null || steps.Count == 0)
            return null;

        return new(
            HintNameOf(type),
            type.ContainingNamespace.IsGlobalNamespace ? "" : type.ContainingNamespace.ToDisplayString(),
            new(HeadersOf(type, ct)),
            MemberAccessibility.Of(workflow),
            workflow.Name,
            workflow.Version,
            TypeParser.NameOf(workflow.Input),
            GraphWriter.Write(steps),
            SqlTextWriter.Write(steps),
            types.Input,
            types.InputRecords,
            types.Result);
    }

    private static string HintNameOf(INamedTypeSymbol type) =>
        type.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat).Replace("@", "") + ".Workflow.g.cs";

    private static string[] HeadersOf(INamedTypeSymbol type, CancellationToken ct)
    {
        var headers = new List<string>();
        for (var current = type; current is not null; current = current.ContainingType)
        {
            var declaration = (TypeDeclarationSyntax)current.DeclaringSyntaxReferences[0].GetSyntax(ct);
            var kind = declaration.Keyword.ValueText;
            if (declaration is RecordDeclarationSyntax { ClassOrStructKeyword.RawKind: (int)SyntaxKind.StructKeyword })
                kind = "record struct";
            headers.Insert(0, $"partial {kind} {declaration.Identifier.Text}");
        }

        return [.. headers];
    }
}
