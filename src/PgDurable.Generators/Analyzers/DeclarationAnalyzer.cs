using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using PgDurable.Generators.Diagnostics;
using PgDurable.Generators.Parsing;

namespace PgDurable.Generators.Analyzers;

/// <summary>Reports what is wrong with the class of a workflow or an activity and with the types of its input and result.</summary>
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
        Descriptors.NoAttribute,
        Descriptors.OwnMember,
        Descriptors.UnusableActivity,
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
        var reporter = new Reporter(context.ReportDiagnostic);
        var workflowAttribute = DeclarationParser.FindAttribute(type);
        if (workflowAttribute is null)
            DeclarationParser.CheckAttribute(type, reporter);
        else if (DeclarationParser.Parse(type, workflowAttribute, reporter, context.CancellationToken) is { } workflow)
            TypesParser.Parse(workflow, new Dictionary<string, ITypeSymbol?>(), state: null, context.Compilation, reporter);
        if (ActivityParser.FindAttribute(type) is { } activity)
            ActivityParser.Parse(type, activity, context.Compilation, new(context.ReportDiagnostic), context.CancellationToken);
    }
}
