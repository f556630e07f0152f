using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Parsing;

namespace PgDurable.Generators.Lowering;

/// <summary>Constants.</summary>
internal sealed partial class Scope
{
    /// <summary>Reads a constant; its type is null for a literal.</summary>
    public bool TryConstant(ExpressionSyntax expression, out object? value, out ITypeSymbol? type)
    {
        (value, type) = (null, null);
        expression = expression.WithoutParentheses();
        switch (expression)
        {
            case LiteralExpressionSyntax literal when !literal.IsKind(SyntaxKind.DefaultLiteralExpression):
                value = literal.Token.Value;
                return true;
            case IdentifierNameSyntax or MemberAccessExpressionSyntax:
                return !Mentions(expression) && TryField(expression, out value, out type);
            case PrefixUnaryExpressionSyntax
            {
                RawKind: (int)SyntaxKind.UnaryMinusExpression,
                Operand: LiteralExpressionSyntax { Token.Value: int number },
            }:
                value = -number;
                return true;
            case InvocationExpressionSyntax
            {
                Expression: IdentifierNameSyntax { Identifier.ValueText: "nameof" },
                ArgumentList.Arguments: [{ Expression: var named }],
            }:
                value = ((named as MemberAccessExpressionSyntax)?.Name ?? named as SimpleNameSyntax)?.Identifier.ValueText;
                return value is not null;
            case InterpolatedStringExpressionSyntax or BinaryExpressionSyntax or PrefixUnaryExpressionSyntax or CastExpressionSyntax
                or ConditionalExpressionSyntax or CheckedExpressionSyntax or DefaultExpressionSyntax
                or PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression }:
                return !Mentions(expression) && _binder.TryConstant(expression, out value, out type);
            default:
                return false;
        }
    }

    private bool TryField(ExpressionSyntax expression, out object? value, out ITypeSymbol? type)
    {
        var field = _binder.SymbolOf(expression) as IFieldSymbol;
        (value, type) = (field?.ConstantValue, field?.Type);
        return field is { HasConstantValue: true };
    }
}
