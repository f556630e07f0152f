using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PgDurable.Generators.Lowering;

/// <summary>A call to one of Flow's methods.</summary>
internal sealed class StepCall
{
    private readonly Dictionary<string, ArgumentSyntax> _arguments = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<IMethodSymbol> _overloads;

    private StepCall(InvocationExpressionSyntax syntax, SimpleNameSyntax name, IReadOnlyList<IMethodSymbol> overloads)
    {
        (Name, Method, _overloads) = (name, overloads[0], overloads);
        for (var i = 0; i < syntax.ArgumentList.Arguments.Count; i++)
        {
            var argument = syntax.ArgumentList.Arguments[i];
            var parameter = StepOverloads.ParameterOf(Method, argument, i)!;
            if (parameter.IsParams)
                Rest.Add(argument);
            else
                _arguments[parameter.Name] = argument;
        }
    }

    public SimpleNameSyntax Name { get; }

    /// <summary>The overload, with its type arguments as far as they are known.</summary>
    public IMethodSymbol Method { get; private set; }

    /// <summary>The type of the chain's result after this step; null if it has none.</summary>
    public ITypeSymbol? Result => IsOpen ? null : (Method.ReturnType as INamedTypeSymbol)?.TypeArguments.FirstOrDefault();

    /// <summary>The form of that result.</summary>
    public ResultForm Form { get; set; }

    /// <summary>Whether no argument that a step needs is written as <c>null</c>, which is the compiler's to report.</summary>
    public bool IsComplete => Method.OriginalDefinition.Parameters.All(parameter =>
        parameter.IsOptional || parameter.IsParams || parameter.RefKind != RefKind.None || parameter.Type is ITypeParameterSymbol
        || parameter.Type.NullableAnnotation == NullableAnnotation.Annotated || this[parameter.Name] is not null);

    /// <summary>What is passed to a <c>params</c> parameter.</summary>
    public List<ArgumentSyntax> Rest { get; } = [];

    /// <summary>The argument of a parameter; null if it isn't given or is null itself.</summary>
    public ExpressionSyntax? this[string parameter] =>
        _arguments.TryGetValue(parameter, out var argument) && !argument.Expression.IsKind(SyntaxKind.NullLiteralExpression)
            ? argument.Expression
            : null;

    /// <summary>The arguments of <c>out</c> parameters, in order; the type is null while it isn't known.</summary>
    public IEnumerable<(ITypeSymbol? Type, ArgumentSyntax Argument)> Outs =>
        Method.Parameters.Where(parameter => parameter.RefKind == RefKind.Out && _arguments.ContainsKey(parameter.Name))
            .Select(parameter => (IsOpen ? null : parameter.Type, _arguments[parameter.Name]));

    // The type parameters aren't filled in yet.
    private bool IsOpen => Method.TypeParameters.Length > 0 && SymbolEqualityComparer.Default.Equals(Method, Method.OriginalDefinition);

    /// <summary>Chooses an overload by what can be seen in the call; null if none fits.</summary>
    public static StepCall? Of(InvocationExpressionSyntax syntax, SimpleNameSyntax name, FlowModel flow, Scope scope)
    {
        var overloads = StepOverloads.Of(syntax, name, flow, scope);
        if (overloads.Count == 0)
            return null;
        var call = new StepCall(syntax, name, overloads);
        if (name is GenericNameSyntax { TypeArgumentList.Arguments: var written })
            call.Construct([.. written.Select(scope.TypeNamed)]);
        else if (call.Method.TypeParameters.Length == 1)
            call.InferFromOut(scope);
        return call;
    }

    /// <summary>Chooses the overload with this many type parameters and fills them in, unless the call names them.</summary>
    public void Infer(params ITypeSymbol?[] types)
    {
        if (Method.TypeParameters.Length == 0 || IsOpen)
            Construct(types);
    }

    private void Construct(ITypeSymbol?[] types)
    {
        if (types.Any(type => type is null))
            return;
        var method = _overloads.FirstOrDefault(overload => overload.TypeParameters.Length == types.Length
            && !(overload.TypeParameters[0].HasReferenceTypeConstraint && types[0]!.IsValueType)
            && !(overload.TypeParameters[0].HasValueTypeConstraint && !types[0]!.IsValueType));
        if (method is not null)
            Method = method.Construct(types!);
    }

    // `Race(out int first, …)`, `WaitForSignal("go", out Signal<bool> go)`
    private void InferFromOut(Scope scope)
    {
        foreach (var parameter in Method.Parameters.Where(parameter => parameter.RefKind == RefKind.Out))
        {
            if (_arguments[parameter.Name].Expression is not DeclarationExpressionSyntax { Type: { IsVar: false } declared }
                || scope.TypeNamed(declared) is not { } type)
                continue;
            var isAnnotated = parameter.Type.NullableAnnotation == NullableAnnotation.Annotated;
            if (parameter.Type.TypeKind == TypeKind.TypeParameter)
                Construct([isAnnotated ? type.WithNullableAnnotation(NullableAnnotation.NotAnnotated) : type]);
            else if (type is INamedTypeSymbol { TypeArguments: [var argument] })
                Construct([argument]);
        }
    }
}
