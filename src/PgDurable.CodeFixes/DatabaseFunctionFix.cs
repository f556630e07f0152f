using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Lowering;
using PgDurable.Generators.Parsing;
using PgDurable.Generators.Sql;

namespace PgDurable.CodeFixes;

/// <summary>Replaces an interpolation that reads the clock or makes a random value with the database's function.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(DatabaseFunctionFix)), Shared]
public sealed class DatabaseFunctionFix : Fix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = Ids("PGD0010");

    private protected override async Task<Change?> FindAsync(
        Document document, SyntaxNode root, SyntaxNode node, Diagnostic diagnostic, CancellationToken ct)
    {
        if (node.FirstAncestorOrSelf<InterpolationSyntax>() is not { Parent: InterpolatedStringExpressionSyntax text } interpolation
            || await document.GetSemanticModelAsync(ct).ConfigureAwait(false) is not { } model
            || ExpressionExplainer.SqlFor(model.GetSymbolInfo(interpolation.Expression.WithoutParentheses(), ct).Symbol) is not { } sql
            || !IsPlain(model, text, interpolation, ct))
            return null;

        // If there are alternatives, the last one works on every server.
        var function = sql.Substring(sql.LastIndexOf(' ') + 1);
        var token = SyntaxFactory.Token(default, SyntaxKind.InterpolatedStringTextToken, function, function, default);
        return Replace($"Use {function}", document, root, interpolation, SyntaxFactory.InterpolatedStringText(token));
    }

    // Between quotes, the function would be text.
    private static bool IsPlain(
        SemanticModel model, InterpolatedStringExpressionSyntax text, InterpolationSyntax interpolation, CancellationToken ct)
    {
        var index = text.Contents.OfType<InterpolationSyntax>().TakeWhile(other => other != interpolation).Count();
        return StepText.Of(model, text, ct) is { } sql && SqlPlaces.Of(sql) is var places
            && index < places.Count && places[index] == SqlPlace.Plain;
    }
}
