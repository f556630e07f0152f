using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Diagnostics;
using PgDurable.Generators.Parsing;

namespace PgDurable.Generators.Lowering;

/// <summary>Lowers a C# expression that uses results, the input and constants to a SQL expression with the same value.</summary>
internal sealed partial class ExpressionLowering(FlowModel flow, Scope scope)
{
    private readonly ValueResolver _values = new(flow);

    /// <summary>Returns null after reporting what can't be lowered.</summary>
    public string? Lower(ExpressionSyntax expression)
    {
        (expression, var source) = FlowModel.Follow(expression, scope);
        if (source != scope)
            return new ExpressionLowering(flow, source).Lower(expression);
        if (ConstantReader.TryRead(scope, expression, out var constant))
        {
            return SqlLiteral.TryWrite(constant, SqlPlace.Plain, out var literal) is { } problem
                ? Fail(Descriptors.Constant, expression, expression, problem)
                : literal;
        }

        if (_values.Resolve(expression, scope) is { } binding)
            return Whole(expression, binding);

        return expression switch
        {
            PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalNotExpression } not =>
                Lower(not.Operand) is { } sql ? $"(NOT {sql})" : null,
            PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.UnaryMinusExpression } minus =>
                Lower(minus.Operand) is { } sql ? $"(- {sql})" : null,
            BinaryExpressionSyntax { RawKind: (int)SyntaxKind.IsExpression or (int)SyntaxKind.AsExpression } type => Explain(type),
            BinaryExpressionSyntax binary => Binary(binary),
            IsPatternExpressionSyntax pattern => Pattern(pattern.Expression, pattern.Pattern),
            ConditionalExpressionSyntax conditional => Conditional(conditional),
            CastExpressionSyntax cast => Cast(cast),
            InvocationExpressionSyntax call => Call(call),
            MemberAccessExpressionSyntax { Name.Identifier.ValueText: "HasValue" } member when IsNullable(member.Expression) =>
                NullTest(member.Expression, isNull: false),
            MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Length" } member
                when TypeOf(member.Expression)?.SpecialType == SpecialType.System_String =>
                Lower(member.Expression) is { } sql ? $"length({sql})" : null,
            _ => Explain(expression),
        };
    }

    private string? Whole(ExpressionSyntax expression, Binding binding)
    {
        switch (binding)
        {
            // C# skips some operands, for example behind &&, but references are replaced before SQL runs. So a missing value must not fail.
            case Binding.Value { Demanded: not null } value:
                return ValueSql.Demanded(value);
            case Binding.Value value:
                return ValueSql.Of(value.IsAsserted ? value with { MayBeNull = true } : value, typed: true);
            case Binding.Computed computed:
                return computed.Sql;
            case Binding.Row row when !TypeParser.IsRecord(row.Type):
                return $"${row.Name}{(row.MayBeMissing || row.IsAsserted || row.Type.MayBeNull() ? "?" : "")}";
            default:
                return Fail(Descriptors.NoColumn, expression, expression, "name one of its properties");
        }
    }

    private string? Conditional(ConditionalExpressionSyntax conditional) =>
        Lower(conditional.Condition) is { } condition
        && Lower(conditional.WhenTrue) is { } then
        && Lower(conditional.WhenFalse) is { } otherwise
            ? $"(CASE WHEN {condition} THEN {then} ELSE {otherwise} END)"
            : null;

    private string? Cast(CastExpressionSyntax cast)
    {
        if (IsEnumText(cast.Expression) || IsEnumText(cast))
            return Explain(cast);
        if (Lower(cast.Expression) is not { } sql)
            return null;
        return TypeOf(cast) is { } type && SqlType.Of(type) is { } name ? $"({sql})::{name}" : Explain(cast);
    }

    private string? Call(InvocationExpressionSyntax call)
    {
        if (scope.SymbolOf(call) is IMethodSymbol
            {
                IsStatic: true,
                ContainingType: { Name: "TimeSpan", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } },
            } factory)
            return Duration(call, factory);
        if (scope.SymbolOf(call) is not IMethodSymbol method
            || method.ContainingType.SpecialType != SpecialType.System_String)
            return Explain(call);
        var target = call.Expression is MemberAccessExpressionSyntax member && !method.IsStatic ? Lower(member.Expression) : "";
        var arguments = call.ArgumentList.Arguments.Select(argument => Lower(argument.Expression)).ToArray();
        if (target is null || arguments.Contains(null))
            return null;
        return (method.Name, arguments) switch
        {
            ("IsNullOrEmpty", [var text]) => $"(coalesce({text}, '') = '')",
            ("IsNullOrWhiteSpace", [var text]) => $"(coalesce({text}, '') !~ '[^[:space:]]')",
            ("StartsWith", [var text]) => $"starts_with({target}, {text})",
            ("EndsWith", [var text]) => $"(right({target}, length({text})) = {text})",
            ("Contains", [var text]) => $"(strpos({target}, {text}) > 0)",
            ("ToUpperInvariant" or "ToUpper", []) => $"upper({target})",
            ("ToLowerInvariant" or "ToLower", []) => $"lower({target})",
            ("Trim", []) => $"btrim({target})",
            ("Concat", _) => $"concat({string.Join(", ", arguments)})",
            _ => Explain(call),
        };
    }

    // The names of an enum's members aren't ordered like their numbers, and aren't numbers.
    private bool IsEnumText(ExpressionSyntax expression) =>
        TypeOf(expression) is { } type && SqlType.Bare(type).TypeKind == TypeKind.Enum;

    private ITypeSymbol? TypeOf(ExpressionSyntax expression) => scope.TypeOf(expression);

    private bool IsNullable(ExpressionSyntax expression) =>
        TypeOf(expression) is { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T };

    private string? Explain(ExpressionSyntax expression)
    {
        ExpressionExplainer.Explain(scope, expression, flow);
        return null;
    }

    private string? Fail(DiagnosticDescriptor descriptor, SyntaxNode place, params object[] arguments)
    {
        flow.Reporter.Report(descriptor, place.GetLocation(), arguments);
        return null;
    }
}
