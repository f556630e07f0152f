using System.Collections.Immutable;
using System.Composition;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PgDurable.CodeFixes;

/// <summary>Rewrites a concatenation as one interpolated string.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(InterpolationFix)), Shared]
public sealed class InterpolationFix : Fix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = Ids("PGD0017");

    private protected override Task<Change?> FindAsync(
        Document document, SyntaxNode root, SyntaxNode node, Diagnostic diagnostic, CancellationToken ct)
    {
        if (node is not ExpressionSyntax { Parent: BinaryExpressionSyntax } || node.FirstAncestorOrSelf<InterpolationSyntax>() is not null)
            return Task.FromResult<Change?>(null);

        var sum = (ExpressionSyntax)node;
        while (sum.Parent is BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } outer)
            sum = outer;
        var text = new StringBuilder();
        return Task.FromResult(Append(text, sum)
            ? Replace(
                "Use an interpolated string", document, root, sum,
                SyntaxFactory.ParseExpression($"$\"{text}\"").WithTriviaFrom(sum))
            : null);
    }

    /// <summary>Returns false for a part whose text can't be copied as it is written.</summary>
    private static bool Append(StringBuilder text, ExpressionSyntax part)
    {
        switch (part)
        {
            case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } sum:
                return Append(text, sum.Left) && Append(text, sum.Right);
            case LiteralExpressionSyntax { RawKind: (int)SyntaxKind.StringLiteralExpression } literal:
                var written = literal.Token.Text;
                if (!literal.Token.IsKind(SyntaxKind.StringLiteralToken) || written[0] != '"')
                    return false;
                text.Append(written.Substring(1, written.Length - 2).Replace("{", "{{").Replace("}", "}}"));
                return true;
            case InterpolatedStringExpressionSyntax interpolated:
                if (!interpolated.StringStartToken.IsKind(SyntaxKind.InterpolatedStringStartToken))
                    return false;
                text.Append(interpolated.Contents.ToString());
                return true;
            case ConditionalExpressionSyntax:
                text.Append("{(").Append(part).Append(")}");
                return true;
            default:
                text.Append('{').Append(part.WithoutTrivia()).Append('}');
                return true;
        }
    }
}
