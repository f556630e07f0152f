using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Parsing;

namespace PgDurable.Generators.Lowering;

/// <summary>Reads <c>ChargeCard.Definition</c>. The property itself is generated, so it may not exist yet.</summary>
internal static class ActivityReference
{
    /// <summary>Whether an expression is meant to be an activity, and not a workflow.</summary>
    public static bool IsMeant(ExpressionSyntax expression, Scope scope)
    {
        (expression, scope) = FlowModel.Follow(expression, scope);
        return expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: WellKnownNames.Definition }
            || scope.TypeOf(expression).IsInSdk(WellKnownNames.ActivityDefinition);
    }

    /// <summary>The activity's class; null if the expression names none.</summary>
    public static INamedTypeSymbol? Of(ExpressionSyntax expression, Scope scope)
    {
        (expression, scope) = FlowModel.Follow(expression, scope);
        return expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: WellKnownNames.Definition, Expression: var owner }
            ? scope.MemberOf(owner) as INamedTypeSymbol
            : null;
    }

    /// <summary>The types of its input and its result; empty if they aren't known.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="type">The activity's class, if the expression names one.</param>
    /// <param name="scope">The scope.</param>
    public static IReadOnlyList<ITypeSymbol> TypesOf(ExpressionSyntax expression, INamedTypeSymbol? type, Scope scope)
    {
        if (type is not null && ActivityParser.InterfacesOf(type) is [var implemented])
            return implemented.TypeArguments;
        return scope.TypeOf(expression) is INamedTypeSymbol definition && definition.IsInSdk(WellKnownNames.ActivityDefinition)
            ? definition.TypeArguments
            : [];
    }
}
