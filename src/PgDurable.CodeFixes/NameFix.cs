using System.Collections.Immutable;
using System.Composition;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Names;

namespace PgDurable.CodeFixes;

/// <summary>Replaces an invalid name of a workflow or an activity with a valid one.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(NameFix)), Shared]
public sealed class NameFix : Fix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = Ids("PGD0007");

    private protected override Task<Change?> FindAsync(
        Document document, SyntaxNode root, SyntaxNode node, Diagnostic diagnostic, CancellationToken ct)
    {
        if (node.DescendantNodesAndSelf().OfType<LiteralExpressionSyntax>().FirstOrDefault() is not { Token.Value: string written } literal)
            return Task.FromResult<Change?>(null);

        var name = Valid(written);
        if (name.Length == 0 && node.FirstAncestorOrSelf<TypeDeclarationSyntax>() is { } type)
            name = Valid(type.Identifier.ValueText);
        if (name.Length == 0)
            return Task.FromResult<Change?>(null);
        var valid = SyntaxFactory.LiteralExpression(SyntaxKind.StringLiteralExpression, SyntaxFactory.Literal(name))
            .WithTriviaFrom(literal);
        return Task.FromResult<Change?>(Replace($"Rename it to '{name}'", document, root, literal, valid));
    }

    private static string Valid(string text)
    {
        var name = new StringBuilder();
        foreach (var c in SnakeCase.From(text))
        {
            if (c is >= 'a' and <= 'z' || (c is >= '0' and <= '9' && name.Length > 0))
                name.Append(c);
            else if (name.Length > 0 && name[name.Length - 1] != '-')
                name.Append('-');
        }

        return name.ToString().TrimEnd('-');
    }
}
