using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Parsing;

namespace PgDurable.Generators.Lowering;

/// <summary>
/// The names that can be used in a lambda or method. The body is never bound as a whole: its variables are looked up by name, and
/// everything else is bound on its own, as if it stood at the method's declaration.
/// </summary>
/// <remarks>
/// The compiler binds nested lambdas once for each overload that they might belong to, which is exponential in the nesting depth. The
/// compiler has to do that once. The generator must not do it again.
/// </remarks>
internal sealed partial class Scope
{
    private readonly Dictionary<string, Variable> _variables = new(StringComparer.Ordinal);
    private readonly DeclarationBinder _binder;
    private readonly Scope? _outer;
    private readonly string? _lost;

    public Scope(DeclarationBinder binder) => _binder = binder;

    private Scope(Scope outer, string? lost) => (_outer, _binder, _lost) = (outer, outer._binder, lost);

    /// <summary>The scope of a lambda in this one.</summary>
    /// <param name="lost">What to do instead if what it assigns to variables from outside would be lost; null if it is kept.</param>
    public Scope Inner(string? lost) => new(this, lost);

    public Variable? Find(string name) =>
        _variables.TryGetValue(name, out var variable) ? variable : _outer?.Find(name);

    /// <summary>What to do instead of assigning a variable here, where the value would be lost; null if it is kept.</summary>
    public string? Lost(string name) => _variables.ContainsKey(name) ? null : _lost ?? _outer?.Lost(name);

    /// <summary>The variables in an expression, also those that are passed to it through the parameters of fragments.</summary>
    public IEnumerable<Variable> VariablesIn(ExpressionSyntax expression) =>
        Roots(expression).Select(root => Find(root.Identifier.ValueText)).OfType<Variable>().SelectMany(variable =>
            variable.Binding is Binding.Alias alias ? alias.Scope.VariablesIn(alias.Expression) : [variable]);

    public Variable Declare(string name, Binding binding) => _variables[name] = new(name, binding);

    /// <summary>The variable that an expression names.</summary>
    public Variable? VariableOf(ExpressionSyntax expression) =>
        expression is IdentifierNameSyntax { Identifier.ValueText: var name } ? Find(name) : null;

    /// <summary>The type that a name in the source refers to.</summary>
    public ITypeSymbol? TypeNamed(TypeSyntax syntax) => _binder.TypeNamed(syntax);

    /// <summary>The methods that an extension call on a type may mean.</summary>
    public IEnumerable<IMethodSymbol> ExtensionsOf(ITypeSymbol type, string name) => _binder.ExtensionsOf(type, name);

    /// <summary>The methods that a name without arguments may mean.</summary>
    public IEnumerable<IMethodSymbol> MethodsOf(ExpressionSyntax name) =>
        VariableOf(name) is null ? _binder.MethodsOf(name) : [];

    /// <summary>What an expression refers to; null for a variable, or if it refers to nothing.</summary>
    public ISymbol? SymbolOf(ExpressionSyntax expression) =>
        VariableOf(expression) is not null ? null : _binder.SymbolOf(WithoutVariables(expression));

    /// <summary>What a name that contains no variables refers to.</summary>
    public ISymbol? MemberOf(ExpressionSyntax expression)
    {
        expression = expression.WithoutParentheses();
        return expression is IdentifierNameSyntax or MemberAccessExpressionSyntax && !Mentions(expression)
            ? _binder.SymbolOf(expression)
            : null;
    }

    /// <summary>The type of an expression; null if it has none.</summary>
    public ITypeSymbol? TypeOf(ExpressionSyntax expression)
    {
        expression = expression.WithoutParentheses();
        if (VariableOf(expression) is { } variable)
            return variable.Binding.CSharpType;
        switch (expression)
        {
            case LiteralExpressionSyntax literal:
                return _binder.TypeOfLiteral(literal.Token.Value);
            case InterpolatedStringExpressionSyntax:
                return _binder.Special(SpecialType.System_String);
            case BaseObjectCreationExpressionSyntax creation:
                return creation is ObjectCreationExpressionSyntax { Type: var type } ? TypeNamed(type) : null;
            case CastExpressionSyntax cast:
                return TypeNamed(cast.Type);
            case IsPatternExpressionSyntax or PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalNotExpression }:
                return _binder.Special(SpecialType.System_Boolean);
            case BinaryExpressionSyntax binary when IsTest(binary.Kind()):
                return _binder.Special(SpecialType.System_Boolean);
            case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } sum
                when TypeOf(sum.Left)?.SpecialType == SpecialType.System_String
                    || TypeOf(sum.Right)?.SpecialType == SpecialType.System_String:
                return _binder.Special(SpecialType.System_String);
            case MemberAccessExpressionSyntax member when Mentions(member.Expression) && TypeOf(member.Expression) is { } owner:
                return PropertyLookup.Find(owner, member.Name.Identifier.ValueText)?.Type;
            default:
                return _binder.TypeOf(WithoutVariables(expression));
        }
    }

    /// <summary>Whether the expression contains a variable that is unknown because its step was wrong.</summary>
    public bool IsUnknown(ExpressionSyntax expression) =>
        Roots(expression).Any(root => Find(root.Identifier.ValueText)?.Binding is Binding.Unknown);

    /// <summary>Whether an expression uses a variable.</summary>
    public bool Mentions(ExpressionSyntax expression)
    {
        // Most expressions are like `order.Total`.
        var root = expression;
        while (root is MemberAccessExpressionSyntax member)
            root = member.Expression;
        return root is IdentifierNameSyntax name ? Find(name.Identifier.ValueText) is not null : MentionsInside(root);
    }

    private bool MentionsInside(ExpressionSyntax expression) => Roots(expression).Any(root => Find(root.Identifier.ValueText) is not null);

    private ExpressionSyntax WithoutVariables(ExpressionSyntax expression)
    {
        var variables = Roots(expression).Where(root => Find(root.Identifier.ValueText)?.Binding.CSharpType is not null).ToArray();
        // Binding needs the types of variables, not their values.
        return variables.Length == 0
            ? expression
            : expression.ReplaceNodes(variables, (root, _) => DefaultOf(Find(root.Identifier.ValueText)!.Binding.CSharpType!));
    }

    private static DefaultExpressionSyntax DefaultOf(ITypeSymbol type) =>
        SyntaxFactory.DefaultExpression(SyntaxFactory.ParseTypeName(TypeParser.NameOf(type)));

    // Identifiers that don't name a member of something else.
    private static IEnumerable<IdentifierNameSyntax> Roots(ExpressionSyntax expression) =>
        expression.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Where(name => name.Parent switch
        {
            _ when name == expression => true,
            MemberAccessExpressionSyntax member => member.Name != name,
            MemberBindingExpressionSyntax or NameColonSyntax or NameEqualsSyntax or NameSyntax => false,
            _ when SyntaxFacts.IsInTypeOnlyContext(name) => false,
            AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax } assignment => assignment.Left != name,
            _ => true,
        });

    private static bool IsTest(SyntaxKind kind) => kind
        is SyntaxKind.EqualsExpression or SyntaxKind.NotEqualsExpression
        or SyntaxKind.LessThanExpression or SyntaxKind.LessThanOrEqualExpression
        or SyntaxKind.GreaterThanExpression or SyntaxKind.GreaterThanOrEqualExpression
        or SyntaxKind.LogicalAndExpression or SyntaxKind.LogicalOrExpression or SyntaxKind.IsExpression;
}
