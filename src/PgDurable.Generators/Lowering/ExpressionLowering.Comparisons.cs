using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Diagnostics;
using PgDurable.Generators.Parsing;

namespace PgDurable.Generators.Lowering;

/// <summary>Comparisons, and what differs in SQL if a value may be NULL.</summary>
internal sealed partial class ExpressionLowering
{
    private string? Binary(BinaryExpressionSyntax binary)
    {
        var kind = binary.Kind();
        if (kind is SyntaxKind.EqualsExpression or SyntaxKind.NotEqualsExpression)
        {
            var isNull = kind == SyntaxKind.EqualsExpression;
            if (IsNullLiteral(binary.Right))
                return NullTest(binary.Left, isNull);
            if (IsNullLiteral(binary.Left))
                return NullTest(binary.Right, isNull);
        }

        if (Comparison(kind) is not null && (IsEnumText(binary.Left) || IsEnumText(binary.Right)))
            return Explain(binary);
        var (left, right) = (Lower(binary.Left), Lower(binary.Right));
        if (left is null || right is null)
            return null;
        var mayBeNull = MayBeNull(binary.Left) || MayBeNull(binary.Right);
        switch (kind)
        {
            case SyntaxKind.BitwiseAndExpression or SyntaxKind.BitwiseOrExpression
                when SqlType.Bare(TypeOf(binary)!).SpecialType != SpecialType.System_Boolean:
                return $"({left} {(kind == SyntaxKind.BitwiseAndExpression ? "&" : "|")} {right})";
            case SyntaxKind.LogicalAndExpression or SyntaxKind.BitwiseAndExpression:
                return $"({left} AND {right})";
            case SyntaxKind.LogicalOrExpression or SyntaxKind.BitwiseOrExpression:
                return $"({left} OR {right})";
            case SyntaxKind.EqualsExpression:
                return mayBeNull ? $"({left} IS NOT DISTINCT FROM {right})" : $"({left} = {right})";
            case SyntaxKind.NotEqualsExpression:
                return mayBeNull ? $"({left} IS DISTINCT FROM {right})" : $"({left} <> {right})";
            case SyntaxKind.CoalesceExpression:
                return $"coalesce({left}, {right})";
            // C# treats null as an empty string here, and so does concat.
            case SyntaxKind.AddExpression when TypeOf(binary)?.SpecialType == SpecialType.System_String:
                return $"concat({left}, {right})";
        }

        if (Comparison(kind) is { } comparison)
            return Compare(left, comparison, right, mayBeNull);
        return Arithmetic(kind) is { } operation ? $"({left} {operation} {right})" : Explain(binary);
    }

    private string? Pattern(ExpressionSyntax expression, PatternSyntax pattern)
    {
        switch (pattern)
        {
            case ParenthesizedPatternSyntax inner:
                return Pattern(expression, inner.Pattern);
            case UnaryPatternSyntax { Pattern: ConstantPatternSyntax { Expression: var constant } } when IsNullLiteral(constant):
                return NullTest(expression, isNull: false);
            case UnaryPatternSyntax not:
                return Pattern(expression, not.Pattern) is { } negated ? $"(NOT {negated})" : null;
            case ConstantPatternSyntax { Expression: var constant } when IsNullLiteral(constant):
                return NullTest(expression, isNull: true);
            case ConstantPatternSyntax { Expression: var constant }:
                return Lower(expression) is { } value && Lower(constant) is { } other
                    ? MayBeNull(expression) ? $"({value} IS NOT DISTINCT FROM {other})" : $"({value} = {other})"
                    : null;
            case RelationalPatternSyntax when IsEnumText(expression):
                return Explain(expression);
            case RelationalPatternSyntax relational when Comparison(relational.OperatorToken.Kind()) is { } comparison:
                return Lower(expression) is { } left && Lower(relational.Expression) is { } right
                    ? Compare(left, comparison, right, MayBeNull(expression))
                    : null;
            case BinaryPatternSyntax both:
                return Pattern(expression, both.Left) is { } first && Pattern(expression, both.Right) is { } second
                    ? $"({first} {(both.IsKind(SyntaxKind.AndPattern) ? "AND" : "OR")} {second})"
                    : null;
            case RecursivePatternSyntax
            {
                Type: null, Designation: null, PositionalPatternClause: null, PropertyPatternClause.Subpatterns.Count: 0,
            }:
                return NullTest(expression, isNull: false);
            default:
                return Fail(Descriptors.UnsupportedPattern, pattern, pattern);
        }
    }

    private string? NullTest(ExpressionSyntax expression, bool isNull)
    {
        switch (_values.Resolve(expression, scope))
        {
            case Binding.Value { IsPlain: false } part when SqlType.IsComposite(part.Type):
                return $"({ValueSql.Text(part with { MayBeNull = true })} IS {(isNull ? "" : "NOT ")}NULL)";
            case Binding.Value value:
                return $"({ValueSql.Of(value with { MayBeNull = true }, typed: true)} IS {(isNull ? "" : "NOT ")}NULL)";
            case Binding.Row row when TypeParser.IsRecord(row.Type):
                return $"({(isNull ? "NOT " : "")}EXISTS (SELECT FROM ${row.Name}.*))";
            case Binding.Row row:
                return $"(${row.Name}? IS {(isNull ? "" : "NOT ")}NULL)";
            default:
                return Lower(expression) is { } sql ? $"({sql} IS {(isNull ? "" : "NOT ")}NULL)" : null;
        }
    }

    // In C#, a comparison with null is false. In SQL it is NULL, and so is its negation.
    private static string Compare(string left, string comparison, string right, bool mayBeNull) =>
        mayBeNull ? $"coalesce({left} {comparison} {right}, false)" : $"({left} {comparison} {right})";

    private bool MayBeNull(ExpressionSyntax expression) => _values.Resolve(expression, scope) switch
    {
        Binding.Value value => value.MayBeNull || value.Path.Count > 0,
        Binding.Row row => row.MayBeMissing || row.Type.MayBeNull(),
        Binding.Computed => false,
        _ => TypeOf(expression) is { } type
            && (IsNullLiteral(expression) || type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T),
    };

    private static bool IsNullLiteral(ExpressionSyntax expression) =>
        expression.WithoutParentheses().IsKind(SyntaxKind.NullLiteralExpression);

    private static string? Comparison(SyntaxKind kind) => kind switch
    {
        SyntaxKind.LessThanExpression or SyntaxKind.LessThanToken => "<",
        SyntaxKind.LessThanOrEqualExpression or SyntaxKind.LessThanEqualsToken => "<=",
        SyntaxKind.GreaterThanExpression or SyntaxKind.GreaterThanToken => ">",
        SyntaxKind.GreaterThanOrEqualExpression or SyntaxKind.GreaterThanEqualsToken => ">=",
        _ => null,
    };

    private static string? Arithmetic(SyntaxKind kind) => kind switch
    {
        SyntaxKind.AddExpression => "+",
        SyntaxKind.SubtractExpression => "-",
        SyntaxKind.MultiplyExpression => "*",
        SyntaxKind.DivideExpression => "/",
        SyntaxKind.ModuloExpression => "%",
        _ => null,
    };
}
