using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Parsing;

namespace PgDurable.Generators.Lowering;

/// <summary>A value in a URL. It is one part of it, whatever characters it has, unless it is written as Url.Raw(…).</summary>
internal static class UrlPart
{
    /// <summary>Whether the value could have characters that mean something in a URL.</summary>
    public static bool IsEncoded(ExpressionSyntax expression, Scope scope) =>
        Raw(expression, scope) is null && !scope.TryConstant(expression, out _, out _)
        && scope.TypeOf(expression) is { } type
        && SqlType.Bare(type) is not
        {
            SpecialType: SpecialType.System_Boolean or SpecialType.System_Byte or SpecialType.System_Int16 or SpecialType.System_Int32
                    or SpecialType.System_Int64 or SpecialType.System_Decimal,
        }
            and not { Name: "Guid" or "DateOnly", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } };

    /// <summary>The value, without Url.Raw around it.</summary>
    public static ExpressionSyntax Bare(ExpressionSyntax expression, Scope scope) => Raw(expression, scope) ?? expression;

    private static ExpressionSyntax? Raw(ExpressionSyntax expression, Scope scope) =>
        expression.WithoutParentheses() is InvocationExpressionSyntax { ArgumentList.Arguments: [{ Expression: var value }] } call
        && scope.SymbolOf(call) is IMethodSymbol
        {
            Name: "Raw",
            ContainingType: { Name: "Url", ContainingNamespace: { Name: "PgDurable", ContainingNamespace.IsGlobalNamespace: true } },
        }
            ? value
            : null;
}
