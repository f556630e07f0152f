using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using PgDurable.Generators.Diagnostics;
using PgDurable.Generators.Parsing;

namespace PgDurable.Generators.Analyzers;

/// <summary>Reports workflows, and activities, in one compilation that have the same name.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NameAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Descriptors.DuplicateName];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            var (workflows, activities) = (new Types(), new Types());
            start.RegisterSymbolAction(
                symbol =>
                {
                    var type = (INamedTypeSymbol)symbol.Symbol;
                    Collect(type, DeclarationParser.FindAttribute(type), workflows);
                    Collect(type, ActivityParser.FindAttribute(type), activities);
                },
                SymbolKind.NamedType);
            start.RegisterCompilationEndAction(end =>
            {
                Report(end, workflows, "workflow", first => $", or change '{first}' itself and raise its Version");
                Report(end, activities, "activity", _ => "");
            });
        });
    }

    private static void Collect(INamedTypeSymbol type, AttributeData? attribute, Types types)
    {
        if (attribute is { ConstructorArguments: [{ Value: string name }] })
            types.Add((name, type));
    }

    private static void Report(CompilationAnalysisContext context, Types all, string kind, Func<string, string> alternative)
    {
        foreach (var group in all.GroupBy(item => item.Name, StringComparer.Ordinal))
        {
            // Types arrive in any order, which must not decide which one keeps the name.
            var types = group.Select(item => item.Type)
                .OrderBy(type => type.Locations[0].SourceTree?.FilePath, StringComparer.Ordinal)
                .ThenBy(type => type.Locations[0].SourceSpan.Start)
                .ToArray();
            foreach (var type in types.Skip(1))
            {
                context.ReportDiagnostic(Diagnostic.Create(
                    Descriptors.DuplicateName, type.Locations[0], kind, group.Key, types[0].Name, alternative(types[0].Name)));
            }
        }
    }

    private sealed class Types : ConcurrentBag<(string Name, INamedTypeSymbol Type)>;
}
