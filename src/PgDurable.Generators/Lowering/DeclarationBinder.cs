using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PgDurable.Generators.Lowering;

/// <summary>Binds types and expressions on their own, as if they stood at a declaration instead of in its body.</summary>
internal sealed class DeclarationBinder(SemanticModel model, INamedTypeSymbol container, int position, CancellationToken ct)
{
    private readonly Dictionary<string, ITypeSymbol?> _types = new(StringComparer.Ordinal);
    private (ExpressionSyntax? Expression, ISymbol? Symbol) _last;

    public ITypeSymbol? TypeNamed(TypeSyntax syntax)
    {
        var text = syntax.ToString();
        if (!_types.TryGetValue(text, out var type))
            _types.Add(text, type = Nested(syntax) ?? Bind(syntax));
        return type;
    }

    public ITypeSymbol? TypeOf(ExpressionSyntax expression)
    {
        ct.ThrowIfCancellationRequested();
        return model.GetSpeculativeTypeInfo(position, expression, SpeculativeBindingOption.BindAsExpression).Type;
    }

    /// <summary>The type of a literal's value; null for null.</summary>
    public ITypeSymbol? TypeOfLiteral(object? literal) => literal switch
    {
        bool => Special(SpecialType.System_Boolean),
        char => Special(SpecialType.System_Char),
        string => Special(SpecialType.System_String),
        int => Special(SpecialType.System_Int32),
        uint => Special(SpecialType.System_UInt32),
        long => Special(SpecialType.System_Int64),
        ulong => Special(SpecialType.System_UInt64),
        float => Special(SpecialType.System_Single),
        double => Special(SpecialType.System_Double),
        decimal => Special(SpecialType.System_Decimal),
        _ => null,
    };

    public ITypeSymbol Special(SpecialType type) => model.Compilation.GetSpecialType(type);

    public ISymbol? SymbolOf(ExpressionSyntax expression)
    {
        ct.ThrowIfCancellationRequested();
        // One expression is often asked for twice in a row: as a constant and as a field.
        if (expression == _last.Expression)
            return _last.Symbol;
        var symbol = model.GetSpeculativeSymbolInfo(position, expression, SpeculativeBindingOption.BindAsExpression).Symbol;
        _last = (expression, symbol);
        return symbol;
    }

    public IEnumerable<IMethodSymbol> MethodsOf(ExpressionSyntax name)
    {
        // The compiler can't bind every half-written expression here.
        if (name is not (IdentifierNameSyntax or MemberAccessExpressionSyntax))
            return [];
        var symbols = model.GetSpeculativeSymbolInfo(position, name, SpeculativeBindingOption.BindAsExpression);
        return symbols.Symbol is IMethodSymbol method ? [method] : symbols.CandidateSymbols.OfType<IMethodSymbol>();
    }

    public IEnumerable<IMethodSymbol> ExtensionsOf(ITypeSymbol type, string name) =>
        model.LookupSymbols(position, type, name, includeReducedExtensionMethods: true).OfType<IMethodSymbol>();

    /// <summary>Reads a constant that is computed from others.</summary>
    public bool TryConstant(ExpressionSyntax expression, out object? value, out ITypeSymbol? type)
    {
        (value, type) = (null, null);
        // There is no speculative GetConstantValue, but the argument of a speculative attribute has a constant value.
        var attribute = SyntaxFactory.Attribute(
            SyntaxFactory.ParseName("global::System.ComponentModel.DefaultValueAttribute"),
            SyntaxFactory.AttributeArgumentList(
                SyntaxFactory.SingletonSeparatedList(SyntaxFactory.AttributeArgument(expression.WithoutTrivia()))));
        if (!model.TryGetSpeculativeSemanticModel(position, attribute, out var speculative))
            return false;
        var argument = attribute.ArgumentList!.Arguments[0].Expression;
        var constant = speculative.GetConstantValue(argument, ct);
        if (!constant.HasValue)
            return false;
        (value, type) = (constant.Value, speculative.GetTypeInfo(argument, ct).Type);
        return true;
    }

    // Most rows are records nested in the workflow's class, where nothing else can have their name.
    private INamedTypeSymbol? Nested(TypeSyntax syntax) =>
        syntax is IdentifierNameSyntax { Identifier.ValueText: var name } && container.GetTypeMembers(name, 0) is [var type] ? type : null;

    private ITypeSymbol? Bind(TypeSyntax syntax)
    {
        var type = model.GetSpeculativeTypeInfo(position, syntax, SpeculativeBindingOption.BindAsTypeOrNamespace).Type;
        return syntax is NullableTypeSyntax && type is { IsReferenceType: true }
            ? type.WithNullableAnnotation(NullableAnnotation.Annotated)
            : type;
    }
}
