using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using PgDurable.Generators.Diagnostics;
using PgDurable.Generators.Lowering;
using PgDurable.Generators.Model;
using PgDurable.Generators.Parsing;
using PgDurable.Generators.Sql;
using PgDurable.Generators.Statements;
using PgDurable.Graph;

namespace PgDurable.Generators.Analyzers;

/// <summary>
/// Compares statements with what the database said about them, in <c>.pgdurable/statements.json</c>. Without an entry there, it reports
/// queries whose SQL visibly lacks the columns that their rows are read from.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class StatementAnalyzer : DiagnosticAnalyzer
{
    private static readonly SourceTextValueProvider<StatementsFile?> Files = new(
        text => StatementsFile.Read(text.ToString(), out var content) is null ? content : null);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
    [
        Descriptors.MissingColumn,
        Descriptors.WrongColumnType,
        Descriptors.RejectedStatement,
        Descriptors.NullableColumn,
        Descriptors.WrongParameterType,
        Descriptors.MalformedStatements,
        Descriptors.NotPrepared,
        Descriptors.UnusedStatement,
    ];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterAdditionalFileAction(CheckFile);
        context.RegisterCompilationStartAction(start =>
        {
            var file = start.Options.AdditionalFiles.FirstOrDefault(StatementsFile.Is);
            if (file?.GetText(start.CancellationToken) is not { } text || !start.TryGetValue(text, Files, out var content)
                || content is null)
            {
                start.RegisterSyntaxNodeAction(CheckQuery, SyntaxKind.InvocationExpression);
                return;
            }

            // A workflow that doesn't compile may use any of the statements.
            var used = new ConcurrentDictionary<StatementEntry, bool>();
            var isComplete = true;
            start.RegisterSyntaxNodeAction(
                node =>
                {
                    if (!CheckDefine(node, content, used))
                        isComplete = false;
                },
                SyntaxKind.MethodDeclaration);
            start.RegisterCompilationEndAction(end =>
            {
                foreach (var entry in content.Entries.Where(entry => isComplete && !used.ContainsKey(entry)))
                {
                    end.ReportDiagnostic(
                        Diagnostic.Create(Descriptors.UnusedStatement, LocationOf(file, text, entry.Line), Short(entry.Sql)));
                }
            });
        });
    }

    private static void CheckFile(AdditionalFileAnalysisContext context)
    {
        if (!StatementsFile.Is(context.AdditionalFile) || context.AdditionalFile.GetText(context.CancellationToken) is not { } text
            || StatementsFile.Read(text.ToString(), out _) is not { } problem)
            return;
        context.ReportDiagnostic(Diagnostic.Create(
            Descriptors.MalformedStatements, LocationOf(context.AdditionalFile, text, problem.Line), problem.Message));
    }

    /// <summary>Returns false if the method can't be lowered.</summary>
    private static bool CheckDefine(SyntaxNodeAnalysisContext context, StatementsFile file, ConcurrentDictionary<StatementEntry, bool> used)
    {
        var (syntax, ct) = ((MethodDeclarationSyntax)context.Node, context.CancellationToken);
        if (syntax.Identifier.ValueText != WellKnownNames.Define
            || context.SemanticModel.GetDeclaredSymbol(syntax, ct) is not { } define
            || !DeclarationParser.IsDefine(define)
            || DeclarationParser.FindAttribute(define.ContainingType) is not { } attribute)
            return true;

        var flow = new FlowModel(context.Compilation, define.ContainingType, new(), ct);
        if (DefinitionLowering.Lower(flow, attribute, define, syntax) is not { } root)
            return false;
        foreach (var node in GraphNumbers.Of(root, out _).Keys.Where(node => node.Kind == NodeKind.Sql))
        {
            var sql = node.Composed.Query!;
            var entry = file.Find(sql);
            if (entry is not null)
                used.TryAdd(entry, true);
            var step = flow.Statements.TryGetValue(node, out var written) ? written : null;
            foreach (var diagnostic in Check(sql, entry, step, node.Place, define.ContainingType, context.Compilation))
                context.ReportDiagnostic(diagnostic);
        }

        return true;
    }

    private static IEnumerable<Diagnostic> Check(
        string sql, StatementEntry? entry, SqlStep? step, Location? place, INamedTypeSymbol workflow, Compilation compilation)
    {
        if (entry is not null)
        {
            var check = new StatementCheck(entry, sql, workflow, compilation);
            return step is not null ? check.Of(step) : check.Of(place ?? workflow.Locations[0]);
        }

        if (step is null)
            return [];
        var location = step.Source.Expression.GetLocation();
        return
        [
            Diagnostic.Create(Descriptors.NotPrepared, location),
            .. step.Row is { } row ? Visible(step.Source.WithPlaceholders(sql), row, location, workflow, compilation) : [],
        ];
    }

    private static void CheckQuery(SyntaxNodeAnalysisContext context)
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
        if (sql is null || StepText.Of(context.SemanticModel, sql.Expression, ct) is not { } text)
            return;
        foreach (var diagnostic in Visible(text, row, sql.Expression.GetLocation(), within, context.Compilation))
            context.ReportDiagnostic(diagnostic);
    }

    /// <summary>What the text of a statement shows.</summary>
    private static IEnumerable<Diagnostic> Visible(
        string text, ITypeSymbol row, Location location, INamedTypeSymbol within, Compilation compilation) =>
        SelectList.Read(text) is not { } list
            ? []
            : SelectListCheck.Check(list, ExpectedColumn.OfRow(row, within, compilation))
                .Select(problem => Diagnostic.Create(problem.Descriptor, location, problem.Arguments));

    private static Location LocationOf(AdditionalText file, SourceText text, int line)
    {
        var span = text.Lines[Math.Min(line, text.Lines.Count - 1)].Span;
        return Location.Create(file.Path, span, text.Lines.GetLinePositionSpan(span));
    }

    private static string Short(string sql) => sql.Length <= 60 ? sql : sql.Substring(0, 60) + "…";
}
