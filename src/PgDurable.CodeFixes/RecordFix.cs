using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;
using PgDurable.Generators.Lowering;
using PgDurable.Generators.Parsing;
using PgDurable.Generators.Sql;
using PgDurable.Generators.Statements;

namespace PgDurable.CodeFixes;

/// <summary>Writes the record of a step, or completes it, from the columns that the server described.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RecordFix)), Shared]
public sealed class RecordFix : Fix
{
    // CS0246: there is no such type yet.
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = Ids("PGD2006", "PGD2007", "PGD0041", "CS0246");

    private protected override async Task<Change?> FindAsync(
        Document document, SyntaxNode root, SyntaxNode node, Diagnostic diagnostic, CancellationToken ct)
    {
        if (node.FirstAncestorOrSelf<InvocationExpressionSyntax>() is not { } call
            || node.FirstAncestorOrSelf<MethodDeclarationSyntax>() is not { Parent: TypeDeclarationSyntax } method
            || await FileAsync(document.Project, ct).ConfigureAwait(false) is not { } file
            || await document.GetSemanticModelAsync(ct).ConfigureAwait(false) is not { } model
            || model.GetDeclaredSymbol(method, ct) is not { } define || !DeclarationParser.IsDefine(define)
            || DeclarationParser.FindAttribute(define.ContainingType) is not { } attribute)
            return null;

        var flow = new FlowModel(model.Compilation, define.ContainingType, new(), ct);
        DefinitionLowering.Lower(flow, attribute, define, method);
        var (step, sql) = flow.Statements.Where(each => each.Value.Source.Expression.Ancestors().Contains(call))
            .Select(each => (each.Value, each.Key.Composed.Query!)).FirstOrDefault();
        if (step is null || file.Find(sql)?.Columns is not { Count: > 0 } columns)
            return null;
        if (step.Row is null or IErrorTypeSymbol)
        {
            return node is IdentifierNameSyntax { Identifier.ValueText: var name } ? Create(document, root, method, name, columns) : null;
        }

        return step.Row is INamedTypeSymbol row && TypeParser.IsRecord(row)
            ? await CompleteAsync(document.Project.Solution, row, define.ContainingType, model.Compilation, columns, ct)
                .ConfigureAwait(false)
            : null;
    }

    private static Change Create(
        Document document, SyntaxNode root, MethodDeclarationSyntax method, string name, IReadOnlyList<DescribedColumn> columns)
    {
        var parameters = RecordText.Parameters(name, columns, new Dictionary<string, ExistingParameter>());
        var record = SyntaxFactory.ParseMemberDeclaration($"public sealed record {name}{parameters};")!
            .WithTrailingTrivia(SyntaxFactory.ElasticLineFeed, SyntaxFactory.ElasticLineFeed)
            .WithAdditionalAnnotations(Formatter.Annotation, Simplifier.Annotation);
        return new(
            $"Write the record '{name}' from the statement's columns",
            (solution, _) => Task.FromResult(solution.WithDocumentSyntaxRoot(document.Id, root.InsertNodesBefore(method, [record]))));
    }

    private static async Task<Change?> CompleteAsync(
        Solution solution, INamedTypeSymbol row, INamedTypeSymbol workflow, Compilation compilation,
        IReadOnlyList<DescribedColumn> columns, CancellationToken ct)
    {
        if (row.DeclaringSyntaxReferences.FirstOrDefault() is not { } reference
            || await reference.GetSyntaxAsync(ct).ConfigureAwait(false) is not RecordDeclarationSyntax { ParameterList: { } list }
            || solution.GetDocument(reference.SyntaxTree) is not { } target)
            return null;

        var properties = RecordShape.PropertiesOf(row, workflow, compilation).ToLookup(property => property.Name, StringComparer.Ordinal);
        var expected = ExpectedColumn.OfRow(row, workflow, compilation).ToLookup(column => column.Name, StringComparer.Ordinal);
        var existing = new Dictionary<string, ExistingParameter>(StringComparer.Ordinal);
        foreach (var parameter in list.Parameters)
        {
            var name = parameter.Identifier.ValueText;
            if (properties[name].FirstOrDefault() is { } property && expected[ColumnName.Of(property)].FirstOrDefault() is { } column)
                existing[column.Name] = new(column, parameter.ToString(), parameter.Type!.ToString(), name);
        }

        var changed = SyntaxFactory.ParseParameterList(RecordText.Parameters(row.Name, columns, existing))
            .WithTriviaFrom(list).WithAdditionalAnnotations(Simplifier.Annotation);
        var root = await reference.SyntaxTree.GetRootAsync(ct).ConfigureAwait(false);
        return Replace($"Write the record '{row.Name}' from the statement's columns", target, root, list, changed);
    }

    private static async Task<StatementsFile?> FileAsync(Project project, CancellationToken ct) =>
        project.AdditionalDocuments.FirstOrDefault(candidate => StatementsFile.IsPath(candidate.FilePath)) is { } file
            && StatementsFile.Read((await file.GetTextAsync(ct).ConfigureAwait(false)).ToString(), out var content) is null
                ? content
                : null;
}
