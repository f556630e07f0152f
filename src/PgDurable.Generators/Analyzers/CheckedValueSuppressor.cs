using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using PgDurable.Generators.Lowering;
using PgDurable.Generators.Parsing;

namespace PgDurable.Generators.Analyzers;

/// <summary>
/// Takes back the compiler's warning that <c>x.Value</c> may fail, in a branch that only runs if <c>x</c> has a value. The compiler doesn't
/// know when a branch runs.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CheckedValueSuppressor : DiagnosticSuppressor
{
    private static readonly SuppressionDescriptor Checked = new(
        "PGDS8629", "CS8629", "The condition of the If or While around it checks that there is a value.");

    /// <inheritdoc/>
    public override ImmutableArray<SuppressionDescriptor> SupportedSuppressions { get; } = [Checked];

    /// <inheritdoc/>
    public override void ReportSuppressions(SuppressionAnalysisContext context)
    {
        foreach (var diagnostic in context.ReportedDiagnostics)
        {
            if (diagnostic.Location.SourceTree is { } tree
                && tree.GetRoot(context.CancellationToken).FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true)
                    is ExpressionSyntax value
                && IsChecked(value, context.GetSemanticModel(tree), context.CancellationToken))
                context.ReportSuppression(Suppression.Create(Checked, diagnostic));
        }
    }

    private static bool IsChecked(ExpressionSyntax value, SemanticModel model, CancellationToken ct)
    {
        foreach (var lambda in value.Ancestors().OfType<LambdaExpressionSyntax>())
        {
            if (lambda.Parent is ArgumentSyntax { Parent: ArgumentListSyntax { Parent: InvocationExpressionSyntax call } list } branch
                && model.GetSymbolInfo(call, ct).Symbol is IMethodSymbol { Name: "If" or "While" } method
                && method.ContainingType.IsInSdk(WellKnownNames.Flow)
                && list.Arguments.FirstOrDefault(argument => NameOf(argument, list, method) == "condition") is { Expression: var condition }
                && Says(condition, value.ToString(), hasValue: NameOf(branch, list, method) != "otherwise"))
                return true;
        }

        return false;
    }

    private static string? NameOf(ArgumentSyntax argument, ArgumentListSyntax list, IMethodSymbol method) =>
        StepOverloads.ParameterOf(method, argument, list.Arguments.IndexOf(argument))?.Name;

    /// <summary>Whether a condition that holds (or fails, if <paramref name="hasValue"/> is false) means that there is a value.</summary>
    private static bool Says(ExpressionSyntax condition, string value, bool hasValue)
    {
        condition = condition.WithoutParentheses();
        return condition switch
        {
            BinaryExpressionSyntax both when both.IsKind(hasValue ? SyntaxKind.LogicalAndExpression : SyntaxKind.LogicalOrExpression) =>
                Says(both.Left, value, hasValue) || Says(both.Right, value, hasValue),
            PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalNotExpression } not => Says(not.Operand, value, !hasValue),
            MemberAccessExpressionSyntax { Name.Identifier.ValueText: "HasValue" } member =>
                hasValue && IsSame(member.Expression, value),
            BinaryExpressionSyntax test when test.IsKind(hasValue ? SyntaxKind.NotEqualsExpression : SyntaxKind.EqualsExpression) =>
                (IsNull(test.Right) && IsSame(test.Left, value)) || (IsNull(test.Left) && IsSame(test.Right, value)),
            IsPatternExpressionSyntax { Pattern: UnaryPatternSyntax { Pattern: ConstantPatternSyntax { Expression: var constant } } } test
                => hasValue && IsNull(constant) && IsSame(test.Expression, value),
            IsPatternExpressionSyntax { Pattern: ConstantPatternSyntax { Expression: var constant } } test =>
                !hasValue && IsNull(constant) && IsSame(test.Expression, value),
            _ => false,
        };
    }

    private static bool IsSame(ExpressionSyntax expression, string value) => expression.WithoutParentheses().ToString() == value;

    private static bool IsNull(ExpressionSyntax expression) => expression.WithoutParentheses().IsKind(SyntaxKind.NullLiteralExpression);
}
