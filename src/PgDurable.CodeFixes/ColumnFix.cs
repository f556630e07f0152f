using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;
using PgDurable.Generators.Parsing;

namespace PgDurable.CodeFixes;

/// <summary>Gives the second of two properties with the same column its own column.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ColumnFix)), Shared]
public sealed class ColumnFix : Fix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = Ids("PGD2003");

    private protected override async Task<Change?> FindAsync(
        Document document, SyntaxNode root, SyntaxNode node, Diagnostic diagnostic, CancellationToken ct)
    {
        if (await document.GetSemanticModelAsync(ct).ConfigureAwait(false) is not { } model
            || node.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not { } type
            || model.GetDeclaredSymbol(type, ct) is not INamedTypeSymbol workflow
            || model.GetTypeInfo(node, ct).Type is not { } used
            || FindCollision(used, workflow, model.Compilation, []) is not (var property, var column)
            || property.DeclaringSyntaxReferences.FirstOrDefault() is not { } reference
            || document.Project.Solution.GetDocument(reference.SyntaxTree) is not { } target)
            return null;

        var declaration = await reference.GetSyntaxAsync(ct).ConfigureAwait(false);
        var name = SyntaxFactory.LiteralExpression(SyntaxKind.StringLiteralExpression, SyntaxFactory.Literal(column));
        var targetRoot = await reference.SyntaxTree.GetRootAsync(ct).ConfigureAwait(false);
        var title = $"Map '{property.Name}' to the column '{column}'";
        if (Written(property, ct) is { ArgumentList.Arguments: [var argument] })
            return Replace(title, target, targetRoot, argument, argument.WithExpression(name));

        var attribute = SyntaxFactory.AttributeList(SyntaxFactory.SingletonSeparatedList(SyntaxFactory.Attribute(
            SyntaxFactory.ParseName("global::" + WellKnownNames.ColumnAttribute).WithAdditionalAnnotations(Simplifier.Annotation),
            SyntaxFactory.AttributeArgumentList(SyntaxFactory.SingletonSeparatedList(SyntaxFactory.AttributeArgument(name))))));
        return declaration switch
        {
            ParameterSyntax parameter => Replace(
                title, target, targetRoot, parameter,
                parameter.WithoutLeadingTrivia()
                    .AddAttributeLists(attribute
                        .WithTarget(SyntaxFactory.AttributeTargetSpecifier(SyntaxFactory.Token(SyntaxKind.PropertyKeyword)))
                        .NormalizeWhitespace().WithTrailingTrivia(SyntaxFactory.Space))
                    .WithLeadingTrivia(parameter.GetLeadingTrivia())),
            PropertyDeclarationSyntax member => Replace(
                title, target, targetRoot, member,
                member.WithoutLeadingTrivia().AddAttributeLists(attribute.NormalizeWhitespace().WithTrailingTrivia(SyntaxFactory.LineFeed))
                    .WithLeadingTrivia(member.GetLeadingTrivia()).WithAdditionalAnnotations(Formatter.Annotation)),
            _ => null,
        };
    }

    /// <summary>The property to rename in the first type that has two properties with the same column, and a free column name.</summary>
    private static (IPropertySymbol Property, string Column)? FindCollision(
        ITypeSymbol type, INamedTypeSymbol workflow, Compilation compilation, HashSet<ITypeSymbol> seen)
    {
        if (type is not INamedTypeSymbol named)
            return type is IArrayTypeSymbol array ? FindCollision(array.ElementType, workflow, compilation, seen) : null;
        if (!seen.Add(named.OriginalDefinition))
            return null;
        foreach (var argument in named.TypeArguments)
        {
            if (FindCollision(argument, workflow, compilation, seen) is { } found)
                return found;
        }

        if (!TypeParser.IsRecord(named) || named.IsInSdk(WellKnownNames.Flow))
            return null;
        var properties = RecordShape.PropertiesOf(named, workflow, compilation);
        var columns = new HashSet<string>(properties.Select(ColumnName.Of), StringComparer.Ordinal);
        var second = properties.GroupBy(ColumnName.Of).FirstOrDefault(group => group.Count() > 1)?.ElementAt(1);
        if (second is not null)
        {
            var column = ColumnName.Of(second);
            return (second, Enumerable.Range(2, int.MaxValue - 2).Select(i => $"{column}_{i}").First(free => !columns.Contains(free)));
        }

        return properties
            .Select(property => FindCollision(property.Type, workflow, compilation, seen))
            .FirstOrDefault(found => found is not null);
    }

    private static AttributeSyntax? Written(IPropertySymbol property, CancellationToken ct) =>
        property.GetAttributes()
            .FirstOrDefault(attribute => attribute.AttributeClass?.ToDisplayString() == WellKnownNames.ColumnAttribute)
            ?.ApplicationSyntaxReference?.GetSyntax(ct) as AttributeSyntax;
}
