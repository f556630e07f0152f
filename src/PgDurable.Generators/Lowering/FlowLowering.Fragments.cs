using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Diagnostics;

namespace PgDurable.Generators.Lowering;

/// <summary>Parts of workflows that are methods of their own.</summary>
internal sealed partial class FlowLowering
{
    // `.Notify(order)`
    private bool Inline(InvocationExpressionSyntax syntax, IMethodSymbol method, Chain chain)
    {
        var definition = method.ReducedFrom ?? method;
        if (DeclarationOf(definition, NameOf(syntax)) is not { } declaration)
            return false;

        // The flow itself is not in the list: the method is called on it.
        var parameters = definition.Parameters.Skip(1).ToArray();
        var arguments = new Dictionary<IParameterSymbol, Binding>(SymbolEqualityComparer.Default);
        for (var i = 0; i < syntax.ArgumentList.Arguments.Count; i++)
        {
            var argument = syntax.ArgumentList.Arguments[i];
            var name = argument.NameColon?.Name.Identifier.ValueText;
            var parameter = name is null ? parameters.ElementAtOrDefault(i) : parameters.FirstOrDefault(p => p.Name == name);
            if (parameter is null || parameter.RefKind != RefKind.None)
            {
                flow.Reporter.Report(Descriptors.Fragment, argument.GetLocation(), definition.Name, "its parameters are values, without out and params");
                return false;
            }

            arguments[parameter] = new Binding.Alias(argument.Expression, model);
        }

        foreach (var parameter in parameters.Where(parameter => !arguments.ContainsKey(parameter)))
        {
            if (parameter.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(flow.Cancellation) is ParameterSyntax { Default.Value: var value })
                arguments[parameter] = new Binding.Alias(value, ModelOf(value));
        }

        var lowered = Inlined(definition, declaration, arguments);
        if (lowered.Node is null)
            return lowered.Node is null && flow.Reporter.HasErrors;
        chain.Add(lowered.Node);
        chain.Ends = lowered.Ends;
        return true;
    }

    // `then: Approve`
    private Lowered Fragment(ExpressionSyntax branch, Binding[] arguments)
    {
        if (SymbolOf(branch) is not IMethodSymbol method)
        {
            flow.Reporter.Report(Descriptors.NoSetting, branch.GetLocation(), branch, "a lambda, as in f => f.Execute(…), or the name of a fragment");
            return default;
        }

        if (DeclarationOf(method, branch) is not { } declaration)
            return default;
        var bound = new Dictionary<IParameterSymbol, Binding>(SymbolEqualityComparer.Default);
        for (var i = 0; i < arguments.Length && i + 1 < method.Parameters.Length; i++)
            bound[method.Parameters[i + 1]] = arguments[i];
        return Inlined(method, declaration, bound);
    }

    private Lowered Inlined(IMethodSymbol method, MethodDeclarationSyntax declaration, Dictionary<IParameterSymbol, Binding> arguments)
    {
        if (flow.Fragments.Contains(method, SymbolEqualityComparer.Default))
        {
            flow.Reporter.Report(Descriptors.Fragment, declaration.Identifier.GetLocation(), method.Name, "it calls itself; use a loop");
            return default;
        }

        foreach (var argument in arguments)
            flow.Bindings[argument.Key] = argument.Value;
        flow.Fragments.Push(method);
        var body = BodyOf(declaration);
        var lowered = body is null ? default : new FlowLowering(flow, ModelOf(declaration)).Chain(body, method.Parameters[0]);
        flow.Fragments.Pop();
        if (body is null)
            flow.Reporter.Report(Descriptors.Fragment, declaration.Identifier.GetLocation(), method.Name, "it is one expression, as Define is");
        return lowered;
    }

    private MethodDeclarationSyntax? DeclarationOf(IMethodSymbol method, SyntaxNode place)
    {
        if (!method.GetAttributes().Any(attribute => attribute.AttributeClass.IsInSdk("WorkflowFragmentAttribute")))
        {
            flow.Reporter.Report(Descriptors.NotAChain, place.GetLocation(), place, "flow");
            return null;
        }

        if (method is { IsStatic: true, TypeParameters.Length: 0 } && method.Parameters.Length > 0 && method.Parameters[0].Type.IsInSdk(WellKnownNames.Flow)
            && method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(flow.Cancellation) is MethodDeclarationSyntax declaration)
            return declaration;
        flow.Reporter.Report(
            Descriptors.Fragment, place.GetLocation(), method.Name, "it is a static method of this project whose first parameter is a Flow, without type parameters");
        return null;
    }

    private SemanticModel ModelOf(SyntaxNode node) => node.SyntaxTree == model.SyntaxTree ? model : flow.ModelOf(node.SyntaxTree);
}
