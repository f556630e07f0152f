using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PgDurable.Generators.Lowering;

/// <summary>A call of one of Flow's methods.</summary>
internal sealed class StepCall
{
    private readonly Dictionary<string, ArgumentSyntax> _arguments = new(StringComparer.Ordinal);

    public StepCall(InvocationExpressionSyntax syntax, SimpleNameSyntax name, IMethodSymbol method, SemanticModel model)
    {
        (Syntax, Name, Method, Model) = (syntax, name, method, model);
        var position = 0;
        foreach (var argument in syntax.ArgumentList.Arguments)
        {
            var parameter = argument.NameColon?.Name.Identifier.ValueText
                ?? method.Parameters[Math.Min(position, method.Parameters.Length - 1)].Name;
            position++;
            if (method.Parameters.LastOrDefault() is { IsParams: true } last && last.Name == parameter)
                Rest.Add(argument);
            else
                _arguments[parameter] = argument;
        }
    }

    public InvocationExpressionSyntax Syntax { get; }

    public SimpleNameSyntax Name { get; }

    public IMethodSymbol Method { get; }

    public SemanticModel Model { get; }

    /// <summary>What is passed to a <c>params</c> parameter.</summary>
    public List<ArgumentSyntax> Rest { get; } = [];

    /// <summary>The argument of a parameter; null when it is not given, or null itself.</summary>
    public ExpressionSyntax? this[string parameter] =>
        _arguments.TryGetValue(parameter, out var argument) && !argument.Expression.IsKind(SyntaxKind.NullLiteralExpression)
            ? argument.Expression
            : null;

    /// <summary>The arguments of <c>out</c> parameters, in their order.</summary>
    public IEnumerable<(IParameterSymbol Parameter, ArgumentSyntax Argument)> Outs =>
        Method.Parameters.Where(parameter => parameter.RefKind == RefKind.Out && _arguments.ContainsKey(parameter.Name))
            .Select(parameter => (parameter, _arguments[parameter.Name]));
}
