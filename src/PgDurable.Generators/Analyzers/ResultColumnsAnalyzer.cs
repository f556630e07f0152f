using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using PgDurable.Generators.Diagnostics;
using PgDurable.Generators.Parsing;
using PgDurable.Generators.Sql;

namespace PgDurable.Generators.Analyzers;

/// <summary>Reports queries whose SQL visibly lacks the columns that their rows are read from.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ResultColumnsAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        [Descriptors.MissingColumn, Descriptors.WrongColumnType];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterSyntaxNodeAction(Analyze, SyntaxKind.InvocationExpression);
    }

    private static void Analyze(SyntaxNodeAnalysisContext context)
    {
        // The name comes first, because the analyzer sees every call in the project.
        var (call, ct) = ((InvocationExpressionSyntax)context.Node, context.CancellationToken);
        if (call.Expression is not MemberAccessExpressionSyntax { Name: GenericNameSyntax { TypeArgumentList.Arguments.Count: 1 } name }
            || !name.Identifier.ValueText.StartsWith("Query", StringComparison.Ordinal)
            || context.SemanticModel.GetSymbolInfo(call, ct).Symbol is not IMethodSymbol { TypeArguments: [var row] } method
            || !method.ContainingType.IsInSdk(WellKnownNames.Flow)
            || context.ContainingSymbol?.ContainingType is not { } within)
            return;

        var arguments = call.ArgumentList.Arguments;
        var sql = arguments.FirstOrDefault(argument => argument.NameColon?.Name.Identifier.ValueText == "sql")
            ?? arguments.FirstOrDefault();
        if (sql is null || StepText.Of(context.SemanticModel, sql.Expression, ct) is not { } text
            || SelectList.Read(text) is not { } list)
            return;

        var expected = row is INamedTypeSymbol type && TypeParser.IsRecord(type)
            ? ExpectedColumn.Of(type, within, context.Compilation)
            : [ExpectedColumn.OfValue(row)];
        foreach (var problem in SelectListCheck.Check(list, expected))
            context.ReportDiagnostic(Diagnostic.Create(problem.Descriptor, sql.Expression.GetLocation(), problem.Arguments));
    }
}
