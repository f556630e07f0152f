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
}
