using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using PgDurable.Generators.Diagnostics;
using PgDurable.Generators.Parsing;

namespace PgDurable.Generators.Analyzers;

/// <summary>Reports activities that no code of a project with workflows refers to.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ActivityUseAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Descriptors.UnusedActivity];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            var activities = new ConcurrentBag<INamedTypeSymbol>();
            var used = new ConcurrentDictionary<INamedTypeSymbol, bool>(SymbolEqualityComparer.Default);
            var workflows = 0;
            start.RegisterSymbolAction(
                symbol =>
                {
                    var type = (INamedTypeSymbol)symbol.Symbol;
                    if (ActivityParser.FindAttribute(type) is not null)
                        activities.Add(type);
                    if (DeclarationParser.FindAttribute(type) is not null)
                        Interlocked.Increment(ref workflows);
                },
                SymbolKind.NamedType);
            start.RegisterSyntaxNodeAction(
                node =>
                {
                    if (UsedBy((MemberAccessExpressionSyntax)node.Node, node.SemanticModel, node.CancellationToken) is { } type)
                        used.TryAdd(type, true);
                },
                SyntaxKind.SimpleMemberAccessExpression);
            start.RegisterCompilationEndAction(end =>
            {
                // A library of activities has its workflows elsewhere.
                if (workflows == 0)
                    return;
                foreach (var activity in activities.Where(activity => !used.ContainsKey(activity)))
                    end.ReportDiagnostic(Diagnostic.Create(Descriptors.UnusedActivity, activity.Locations[0], activity.Name));
            });
        });
    }

    private static INamedTypeSymbol? UsedBy(MemberAccessExpressionSyntax member, SemanticModel model, CancellationToken ct) =>
        member.Name.Identifier.ValueText == WellKnownNames.Definition
        && model.GetSymbolInfo(member, ct).Symbol is IPropertySymbol { ContainingType: var type }
        && ActivityParser.FindAttribute(type) is not null
            ? type
            : null;
}
