using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Diagnostics;
using PgDurable.Generators.Parsing;

namespace PgDurable.Generators.Lowering;

/// <summary>Says what to write instead of an expression that can't be lowered.</summary>
internal static class ExpressionExplainer
{
    public static void Explain(
        Scope scope, ExpressionSyntax expression, FlowModel flow)
    {
        var reporter = flow.Reporter;
        if (scope.IsUnknown(expression))
        {
            reporter.Fail();
            return;
        }

        // `DateTimeOffset.UtcNow.AddDays(-1)`
        var inner = expression.DescendantNodesAndSelf().OfType<ExpressionSyntax>()
            .FirstOrDefault(part =>
                part is MemberAccessExpressionSyntax or InvocationExpressionSyntax && SqlFor(scope.SymbolOf(part)) is not null);
        expression = inner ?? expression;
        var (descriptor, advice) = Classify(scope, expression, scope.SymbolOf(expression));
        if (advice is null)
            reporter.Report(descriptor, expression.GetLocation(), expression);
        else
            reporter.Report(descriptor, expression.GetLocation(), expression, advice);
    }

    private static (DiagnosticDescriptor Descriptor, string? Advice) Classify(
        Scope scope, ExpressionSyntax expression, ISymbol? symbol)
    {
        if (SqlFor(symbol) is { } sql)
            return (Descriptors.NotDeterministic, sql);

        switch (expression)
        {
            case InvocationExpressionSyntax when symbol is { Name: "EscapeDataString", ContainingType.Name: "Uri" }:
                return (Descriptors.MethodCall, "A value in a URL is encoded anyway, so leave this out.");
            case InvocationExpressionSyntax or BaseObjectCreationExpressionSyntax or ElementAccessExpressionSyntax:
                return (
                    Descriptors.MethodCall,
                    "Compute it before the workflow starts and pass it in the input, or write it in the step's SQL.");
            case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression }
                when scope.TypeOf(expression)?.SpecialType == SpecialType.System_String:
            case InterpolatedStringExpressionSyntax:
                return (Descriptors.Concatenation, null);
            case BinaryExpressionSyntax or PrefixUnaryExpressionSyntax or ConditionalExpressionSyntax or CastExpressionSyntax:
                return (Descriptors.Operator, null);
            case MemberAccessExpressionSyntax member when IsMemberOfMember(scope, member):
                return (Descriptors.Operator, null);
            case IdentifierNameSyntax or MemberAccessExpressionSyntax
                when symbol is IFieldSymbol or IPropertySymbol || scope.VariableOf(expression) is not null:
                return (Descriptors.Captured, null);
            default:
                return (Descriptors.UnsupportedExpression, null);
        }
    }

    /// <summary>The SQL for a .NET member that reads the clock or makes random values; null for any other.</summary>
    internal static string? SqlFor(ISymbol? symbol) => (symbol?.ContainingType?.ToDisplayString(), symbol?.Name) switch
    {
        ("System.DateTime", "Now" or "UtcNow") => "now()",
        ("System.DateTime", "Today") => "current_date",
        ("System.DateTimeOffset", "Now" or "UtcNow") => "now()",
        ("System.TimeProvider", "GetUtcNow" or "GetLocalNow") => "now()",
        ("System.Guid", "NewGuid") => "gen_random_uuid()",
        ("System.Guid", "CreateVersion7") => "uuidv7() (PostgreSQL 18) or gen_random_uuid()",
        ("System.Random", _) => "random()",
        _ => null,
    };

    // `input.Address.City`, `order.Lines.Length`: the first property is fine, the rest isn't.
    private static bool IsMemberOfMember(Scope scope, MemberAccessExpressionSyntax member)
    {
        var expression = member.Expression.WithoutParentheses();
        while (expression is MemberAccessExpressionSyntax inner)
            expression = inner.Expression.WithoutParentheses();
        return scope.VariableOf(expression)?.Binding is { } and not Binding.Steps;
    }
}
