using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Parsing;

namespace PgDurable.Generators.Lowering;

/// <summary>
/// Finds the overloads of Flow's methods that a call may mean, by the names and the number of its arguments, <c>out</c> and lambdas. If the
/// call compiles, the remaining ones differ only in whether there is a result.
/// </summary>
internal static class StepOverloads
{
    /// <summary>The overloads, those with fewer type parameters first.</summary>
    public static IReadOnlyList<IMethodSymbol> Of(InvocationExpressionSyntax syntax, SimpleNameSyntax name, FlowModel flow, Scope scope)
    {
        var fitting = flow.Flow.GetMembers(name.Identifier.ValueText).OfType<IMethodSymbol>()
            .Where(method =>
                (name is not GenericNameSyntax generic || method.Arity == generic.TypeArgumentList.Arguments.Count) && Fits(method, syntax))
            .OrderBy(method => method.Arity).ToList();
        if (fitting.Select(IsOfActivity).Distinct().Count() > 1)
        {
            // Run takes a workflow or an activity.
            var isActivity = ActivityReference.IsMeant(syntax.ArgumentList.Arguments[0].Expression, scope);
            fitting.RemoveAll(method => IsOfActivity(method) != isActivity);
        }

        if (fitting.Select(IsBoolean).Distinct().Count() < 2)
            return fitting;

        // The remaining ones take a condition as C# or as SQL.
        var condition = syntax.ArgumentList.Arguments
            .First(argument => (argument.NameColon?.Name.Identifier.ValueText ?? "condition") == "condition").Expression;
        var isText = IsText(condition, scope);
        fitting.RemoveAll(method => IsBoolean(method) == isText);
        return fitting;
    }

    /// <summary>The parameter that an argument is for.</summary>
    public static IParameterSymbol? ParameterOf(IMethodSymbol method, ArgumentSyntax argument, int position) =>
        argument.NameColon?.Name.Identifier.ValueText is { } name ? method.Parameters.FirstOrDefault(parameter => parameter.Name == name)
        : position < method.Parameters.Length ? method.Parameters[position]
        : method.Parameters.LastOrDefault() is { IsParams: true } rest ? rest
        : null;

    /// <summary>Whether the condition of an overload is C#.</summary>
    public static bool IsBoolean(IMethodSymbol method) =>
        method.Parameters.Length > 0 && method.Parameters[0] is { Name: "condition", Type.SpecialType: SpecialType.System_Boolean };

    private static bool IsOfActivity(IMethodSymbol method) => method.Parameters is [{ Name: "activity" }, ..];

    /// <summary>Whether a method can take the arguments, as far as can be seen without their types.</summary>
    public static bool Fits(IMethodSymbol method, InvocationExpressionSyntax syntax)
    {
        var arguments = syntax.ArgumentList.Arguments;
        var given = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < arguments.Count; i++)
        {
            if (ParameterOf(method, arguments[i], i) is not { } parameter || !Fits(parameter, arguments[i]))
                return false;
            given.Add(parameter.Name);
        }

        return method.Parameters.All(parameter => parameter.IsOptional || parameter.IsParams || given.Contains(parameter.Name));
    }

    private static bool Fits(IParameterSymbol parameter, ArgumentSyntax argument)
    {
        if (argument.RefKindKeyword.IsKind(SyntaxKind.OutKeyword) != (parameter.RefKind == RefKind.Out))
            return false;
        var type = parameter is { IsParams: true, Type: IArrayTypeSymbol { ElementType: var element } } ? element : parameter.Type;
        // All delegates are Func<…>, whose last type argument is the return type.
        var parameters = type is INamedTypeSymbol { TypeKind: TypeKind.Delegate, TypeArguments.Length: var count } ? count - 1 : -1;
        return argument.Expression.WithoutParentheses() switch
        {
            SimpleLambdaExpressionSyntax => parameters == 1,
            ParenthesizedLambdaExpressionSyntax lambda => parameters == lambda.ParameterList.Parameters.Count,
            InterpolatedStringExpressionSyntax => parameters < 0,
            _ => true,
        };
    }

    private static bool IsText(ExpressionSyntax expression, Scope scope)
    {
        (expression, scope) = FlowModel.Follow(expression, scope);
        return scope.TypeOf(expression)?.SpecialType == SpecialType.System_String;
    }
}
