using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Parsing;

namespace PgDurable.Generators.Sql;

/// <summary>The SQL of a step as text, with <see cref="SqlPlaces.Placeholder"/> for each interpolation.</summary>
internal static class StepText
{
    /// <summary>Returns null if it isn't known at compile time.</summary>
    public static string? Of(SemanticModel model, ExpressionSyntax expression, CancellationToken ct)
    {
        expression = expression.WithoutParentheses();
        if (expression is InterpolatedStringExpressionSyntax interpolated)
            return string.Concat(interpolated.Contents.Select(content => TextOf(interpolated, content)));
        if (expression is BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } sum)
            return Of(model, sum.Left, ct) is { } left && Of(model, sum.Right, ct) is { } right ? left + right : null;
        return model.GetConstantValue(expression, ct) is { HasValue: true, Value: string constant } ? constant : null;
    }

    private static string TextOf(InterpolatedStringExpressionSyntax interpolated, InterpolatedStringContentSyntax content)
    {
        if (content is not InterpolatedStringTextSyntax { TextToken.ValueText: var text })
            return SqlPlaces.Placeholder.ToString();

        // A token's value still has its braces doubled, except in a raw string.
        var start = interpolated.StringStartToken.Kind();
        return start is SyntaxKind.InterpolatedStringStartToken or SyntaxKind.InterpolatedVerbatimStringStartToken
            ? text.Replace("{{", "{").Replace("}}", "}")
            : text;
    }
}
