using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Parsing;

namespace PgDurable.Generators.Lowering;

/// <summary>Reads constants, and static readonly fields that are initialized with a literal.</summary>
internal static class ConstantReader
{
    public static bool TryRead(Scope scope, ExpressionSyntax expression, out Constant constant)
    {
        constant = default;
        if (scope.TryConstant(expression, out var folded, out var type))
        {
            if (type?.TypeKind == TypeKind.Enum)
                return TryReadEnum(type, folded, out constant);
            constant = new(folded, EnumMember: null);
            return true;
        }

        if (scope.MemberOf(expression) is IFieldSymbol { IsStatic: true, IsReadOnly: true } field
            && field.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is VariableDeclaratorSyntax { Initializer.Value: var value }
            && TryReadLiteral(value, out var literal)
            && TryConvert(literal, field.Type.SpecialType, out var converted))
        {
            constant = new(converted, EnumMember: null);
            return true;
        }

        return false;
    }

    private static bool TryReadEnum(ITypeSymbol type, object? value, out Constant constant)
    {
        if (ScalarTypes.NumberOf(type) is not null)
        {
            constant = new(value, EnumMember: null);
            return true;
        }

        var member = type.GetMembers().OfType<IFieldSymbol>()
            .FirstOrDefault(field => field.HasConstantValue && Equals(field.ConstantValue, value));
        constant = new(value, member?.Name);
        return member is not null;
    }

    // The initializer may be in another file, and analyzers shouldn't ask for its semantic model. A literal doesn't need one.
    private static bool TryReadLiteral(ExpressionSyntax expression, out object? value)
    {
        value = null;
        expression = expression.WithoutParentheses();
        if (expression is LiteralExpressionSyntax literal && !literal.IsKind(SyntaxKind.DefaultLiteralExpression))
        {
            value = literal.Token.Value;
            return value is not null;
        }

        if (expression is not PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.UnaryMinusExpression } minus
            || !TryReadLiteral(minus.Operand, out var operand))
            return false;
        value = operand switch
        {
            int number => -number,
            long number => -number,
            decimal number => -number,
            double number => -number,
            float number => -number,
            _ => null,
        };
        return value is not null;
    }

    private static bool TryConvert(object? literal, SpecialType type, out object? value)
    {
        value = type switch
        {
            SpecialType.System_String => literal as string,
            SpecialType.System_Boolean => literal as bool?,
            SpecialType.System_Char => literal as char?,
            _ when literal is string or bool or char => null,
            SpecialType.System_Decimal => Convert.ToDecimal(literal, CultureInfo.InvariantCulture),
            SpecialType.System_Double => Convert.ToDouble(literal, CultureInfo.InvariantCulture),
            SpecialType.System_Single => Convert.ToSingle(literal, CultureInfo.InvariantCulture),
            >= SpecialType.System_SByte and <= SpecialType.System_UInt64 => literal,
            _ => null,
        };
        return value is not null;
    }
}
