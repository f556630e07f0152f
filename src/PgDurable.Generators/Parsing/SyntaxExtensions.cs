using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PgDurable.Generators.Parsing;

internal static class SyntaxExtensions
{
    public static ExpressionSyntax WithoutParentheses(this ExpressionSyntax expression)
    {
        while (expression is ParenthesizedExpressionSyntax parenthesized)
            expression = parenthesized.Expression;
        return expression;
    }

    /// <summary>The elements of a list or array that is written out; null for any other expression.</summary>
    public static IEnumerable<ExpressionSyntax>? Items(this ExpressionSyntax expression) => expression.WithoutParentheses() switch
    {
        CollectionExpressionSyntax list => list.Elements.OfType<ExpressionElementSyntax>().Select(element => element.Expression),
        ImplicitArrayCreationExpressionSyntax array => array.Initializer.Expressions,
        ArrayCreationExpressionSyntax { Initializer.Expressions: var items } => items,
        _ => null,
    };
}
