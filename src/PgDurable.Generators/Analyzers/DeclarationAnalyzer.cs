using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using PgDurable.Generators.Diagnostics;
using PgDurable.Generators.Parsing;

namespace PgDurable.Generators.Analyzers;

/// <summary>Reports what is wrong with a workflow's class and with the types of its input and result.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DeclarationAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
    [
        Descriptors.NotPartial,
        Descriptors.ContainerNotPartial,
        Descriptors.UnsupportedClass,
        Descriptors.NoInterface,
        Descriptors.NoDefine,
        Descriptors.InvalidName,
        Descriptors.UnsupportedType,
        Descriptors.DuplicateColumn,
        Descriptors.InvalidVersion,
    ];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterSymbolAction(Analyze, SymbolKind.NamedType);
    }

    private static void Analyze(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (DeclarationParser.FindAttribute(type) is not { } attribute)
            return;

        var reporter = new Reporter(context.ReportDiagnostic);
        if (DeclarationParser.Parse(type, attribute, reporter, context.CancellationToken) is { } workflow)
            TypesParser.Parse(workflow, new Dictionary<string, ITypeSymbol?>(), context.Compilation, reporter);
    }
}
