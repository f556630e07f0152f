using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using PgDurable.Generators.Diagnostics;
using PgDurable.Generators.Parsing;

namespace PgDurable.Generators.Analyzers;

/// <summary>Reports workflows in one compilation that have the same name.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class WorkflowNameAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Descriptors.DuplicateWorkflow];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            var workflows = new ConcurrentBag<(string Name, INamedTypeSymbol Type)>();
            start.RegisterSymbolAction(symbol => Collect((INamedTypeSymbol)symbol.Symbol, workflows), SymbolKind.NamedType);
            start.RegisterCompilationEndAction(end => Report(end, workflows));
        });
    }

    private static void Collect(INamedTypeSymbol type, ConcurrentBag<(string Name, INamedTypeSymbol Type)> workflows)
    {
        if (DeclarationParser.FindAttribute(type) is { ConstructorArguments: [{ Value: string name }] })
            workflows.Add((name, type));
    }

    private static void Report(CompilationAnalysisContext context, IEnumerable<(string Name, INamedTypeSymbol Type)> workflows)
    {
        foreach (var group in workflows.GroupBy(workflow => workflow.Name, StringComparer.Ordinal))
        {
            // Types arrive in any order, which must not decide which one keeps the name.
            var types = group.Select(workflow => workflow.Type)
                .OrderBy(type => type.Locations[0].SourceTree?.FilePath, StringComparer.Ordinal)
                .ThenBy(type => type.Locations[0].SourceSpan.Start)
                .ToArray();
            foreach (var type in types.Skip(1))
                context.ReportDiagnostic(Diagnostic.Create(Descriptors.DuplicateWorkflow, type.Locations[0], group.Key, types[0].Name));
        }
    }
}
