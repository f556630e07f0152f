using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Parsing;
using PgDurable.Generators.Sql;

namespace PgDurable.CodeFixes;

/// <summary>Writes the database's function instead of a hole that reads the clock or makes a random value.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(DatabaseFunctionFix)), Shared]
public sealed class DatabaseFunctionFix : Fix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = Ids("PGD0010");

    private protected override async Task<Change?> FindAsync(
        Document document, SyntaxNode root, SyntaxNode node, Diagnostic diagnostic, CancellationToken ct)
    {
        if (node.FirstAncestorOrSelf<InterpolationSyntax>() is not { Parent: InterpolatedStringExpressionSyntax text } hole
            || await document.GetSemanticModelAsync(ct).ConfigureAwait(false) is not { } model
            || HoleExplainer.SqlFor(model.GetSymbolInfo(hole.Expression.WithoutParentheses(), ct).Symbol) is not { } sql
            || !IsPlain(model, text, hole, ct))
            return null;

        // Of alternatives, the last one works with every server.
        var function = sql.Substring(sql.LastIndexOf(' ') + 1);
        var token = SyntaxFactory.Token(default, SyntaxKind.InterpolatedStringTextToken, function, function, default);
        return Replace($"Use {function}", document, root, hole, SyntaxFactory.InterpolatedStringText(token));
    }

    // Between quotes it would be text.
    private static bool IsPlain(
        SemanticModel model, InterpolatedStringExpressionSyntax text, InterpolationSyntax hole, CancellationToken ct)
    {
        var index = text.Contents.OfType<InterpolationSyntax>().TakeWhile(other => other != hole).Count();
        return StepText.Of(model, text, ct) is { } sql && SqlPlaces.Of(sql) is var places
            && index < places.Count && places[index] == SqlPlace.Plain;
    }
}
