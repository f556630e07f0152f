using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using PgDurable.Generators.Diagnostics;
using PgDurable.Generators.Lowering;
using PgDurable.Generators.Parsing;

namespace PgDurable.Generators.Analyzers;

/// <summary>Reports what is wrong inside <c>Define</c>: the chain, the names, the SQL and its interpolations.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DefinitionAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
    [
        Descriptors.UnsupportedBody,
        Descriptors.NotDeterministic,
        Descriptors.MethodCall,
        Descriptors.Operator,
        Descriptors.Captured,
        Descriptors.NoColumn,
        Descriptors.Format,
        Descriptors.Concatenation,
        Descriptors.Adjacent,
        Descriptors.UnsupportedExpression,
        Descriptors.Constant,
        Descriptors.NoSetting,
        Descriptors.Setting,
        Descriptors.Fragment,
        Descriptors.OuterError,
        Descriptors.ValueAsName,
        Descriptors.LostValue,
        Descriptors.UnsupportedPattern,
        Descriptors.InvalidTag,
        Descriptors.EndlessWhile,
        Descriptors.NoSteps,
        Descriptors.OtherFlow,
        Descriptors.Unreachable,
        Descriptors.BusyLoop,
        Descriptors.BreakOutside,
        Descriptors.NothingToUndo,
        Descriptors.SignalTypes,
        Descriptors.Unreadable,
        Descriptors.TooDeep,
        Descriptors.NotAChain,
        Descriptors.DuplicateStep,
        Descriptors.InvalidStepName,
        Descriptors.TooManySteps,
        Descriptors.EmptySql,
        Descriptors.Untouched,
        Descriptors.InvalidStatement,
    ];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterSyntaxNodeAction(Analyze, SyntaxKind.MethodDeclaration);
    }

    private static void Analyze(SyntaxNodeAnalysisContext context)
    {
        var syntax = (MethodDeclarationSyntax)context.Node;
        if (syntax.Identifier.ValueText != WellKnownNames.Define
            || context.SemanticModel.GetDeclaredSymbol(syntax, context.CancellationToken) is not { } define
            || !DeclarationParser.IsDefine(define)
            || DeclarationParser.FindAttribute(define.ContainingType) is not { } attribute)
            return;

        var diagnostics = new List<Diagnostic>();
        var flow = new FlowModel(context.Compilation, define.ContainingType, new(diagnostics.Add), context.CancellationToken);
        DefinitionLowering.Lower(flow, attribute, define, syntax);
        if (diagnostics.Count > 0 && flow.Methods.All(method => Compiles(method, context)))
            diagnostics.ForEach(context.ReportDiagnostic);
    }

    // The compiler's own errors are clearer, so code that doesn't compile isn't reported on.
    private static bool Compiles(MethodDeclarationSyntax method, SyntaxNodeAnalysisContext context)
    {
#pragma warning disable RS1030 // A fragment may be in another file.
        var model = method.SyntaxTree == context.Node.SyntaxTree
            ? context.SemanticModel
            : context.Compilation.GetSemanticModel(method.SyntaxTree);
#pragma warning restore RS1030
        return model.GetDiagnostics(method.Span, context.CancellationToken)
            .All(diagnostic => diagnostic.Severity != DiagnosticSeverity.Error);
    }
}
