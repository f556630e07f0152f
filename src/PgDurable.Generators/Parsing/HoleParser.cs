using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Diagnostics;

namespace PgDurable.Generators.Parsing;

/// <summary>Lowers one hole: a reference to the input or to a row, or a constant.</summary>
internal sealed class HoleParser(SemanticModel model, IMethodSymbol define, Reporter reporter, CancellationToken ct)
{
    /// <summary>Returns what stands in the SQL; null after reporting why the hole can't.</summary>
    public string? Parse(InterpolationSyntax hole, SqlPlace place)
    {
        if (place == SqlPlace.Untouched)
            return Report(Descriptors.Untouched, hole, hole);
        if (((SyntaxNode?)hole.FormatClause ?? hole.AlignmentClause) is { } format)
            return Report(Descriptors.Format, format, format);

        var expression = hole.Expression.WithoutParentheses();

        // `{order.Note!}`: the author says that there is a value, so the strict form, which fails when there is none.
        var asserted = expression.IsKind(SyntaxKind.SuppressNullableWarningExpression);
        if (asserted)
            expression = ((PostfixUnaryExpressionSyntax)expression).Operand.WithoutParentheses();

        if (ConstantReader.TryRead(model, expression, ct, out var constant))
        {
            return SqlLiteral.TryWrite(constant, place, out var text) is { } problem
                ? Report(Descriptors.Constant, hole, hole.Expression, problem)
                : text;
        }

        if (expression is IdentifierNameSyntax && ValueOf(expression) is { } value)
            return WholeValue(expression, value, asserted);

        if (expression is MemberAccessExpressionSyntax member
            && ValueOf(member.Expression.WithoutParentheses()) is { } owner
            && model.GetSymbolInfo(member, ct).Symbol is IPropertySymbol property
            && (owner.IsRows || TypeParser.IsRecord(owner.Type)))
            return Column(member, owner, property, asserted);

        HoleExplainer.Explain(model, expression, define, reporter, ct);
        return null;
    }

    private string? WholeValue(ExpressionSyntax expression, BoundValue value, bool asserted)
    {
        if (value.Name == WellKnownNames.Input)
            return "$" + value.Name;
        if (value.IsRows)
            return $"${value.Name}.*";
        if (TypeParser.IsRecord(value.Type))
            return Report(Descriptors.NoColumn, expression, expression, $"name one of the row's columns, as in '{{{expression}.Id}}'");
        return $"${value.Name}{(value.Type.MayBeNull() && !asserted ? "?" : "")}";
    }

    private string? Column(MemberAccessExpressionSyntax expression, BoundValue owner, IPropertySymbol property, bool asserted)
    {
        if (owner.IsRows)
            return Report(Descriptors.NoColumn, expression, expression, $"select from the rows, as in 'FROM {{{expression.Expression}}}'");

        var column = ColumnName.Of(property);
        if (!SnakeCase.IsReferable(column))
        {
            return Report(
                Descriptors.NoColumn, expression, expression, $"steps can't refer to a column '{column}'; return it under another name");
        }

        return $"${owner.Name}.{column}{(property.Type.MayBeNull() && !asserted ? "?" : "")}";
    }

    /// <summary>What an identifier stands for: the input, or the variable of an earlier step.</summary>
    private BoundValue? ValueOf(ExpressionSyntax expression)
    {
        if (expression is not IdentifierNameSyntax)
            return null;

        var symbol = model.GetSymbolInfo(expression, ct).Symbol;
        if (SymbolEqualityComparer.Default.Equals(symbol, define.Parameters[1]))
            return new(WellKnownNames.Input, define.Parameters[1].Type, IsRows: false);

        // The type argument says whether the row may be null; the variable's own type does not, because `var` is always nullable.
        if (symbol is ILocalSymbol { IsConst: false } local
            && local.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(ct).FirstAncestorOrSelf<InvocationExpressionSyntax>() is { } step
            && model.GetSymbolInfo(step, ct).Symbol is IMethodSymbol { TypeArguments: [var row] })
            return new(SnakeCase.From(local.Name), row, local.Type.IsInSdk(WellKnownNames.Rows));
        return null;
    }

    private string? Report(DiagnosticDescriptor descriptor, SyntaxNode place, params object[] arguments)
    {
        reporter.Report(descriptor, place.GetLocation(), arguments);
        return null;
    }
}
