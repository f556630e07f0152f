using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Diagnostics;
using PgDurable.Generators.Parsing;

namespace PgDurable.Generators.Lowering;

/// <summary>Parts of workflows that are separate methods.</summary>
internal sealed partial class FlowLowering
{
    // `.Notify(order)`
    private bool Inline(InvocationExpressionSyntax syntax, SimpleNameSyntax name, Chain chain)
    {
        var extensions = scope.ExtensionsOf(chain.FlowType, name.Identifier.ValueText)
            .Where(method => method.ReducedFrom is not null && StepOverloads.Fits(method, syntax)).ToArray();
        if (extensions.Length == 0)
        {
            flow.Reporter.Report(Descriptors.NotAChain, name.GetLocation(), name, "flow");
            return false;
        }

        var definition = (extensions.FirstOrDefault(IsFragment) ?? extensions[0]).ReducedFrom!;
        if (DeclarationOf(definition, name) is not { } declaration)
            return false;

        // The flow itself isn't an argument, because the method is called on it.
        var parameters = definition.Parameters.Skip(1).ToArray();
        var arguments = new Dictionary<IParameterSymbol, Binding>(SymbolEqualityComparer.Default);
        for (var i = 0; i < syntax.ArgumentList.Arguments.Count; i++)
        {
            var argument = syntax.ArgumentList.Arguments[i];
            var named = argument.NameColon?.Name.Identifier.ValueText;
            var parameter = named is null ? parameters.ElementAtOrDefault(i) : parameters.FirstOrDefault(p => p.Name == named);
            if (parameter is null || parameter.RefKind != RefKind.None)
            {
                flow.Reporter.Report(
                    Descriptors.Fragment, argument.GetLocation(), definition.Name,
                    "its parameters must be plain values, without out or params");
                return false;
            }

            arguments[parameter] = new Binding.Alias(argument.Expression, scope, parameter.Type);
        }

        foreach (var parameter in parameters.Where(parameter => !arguments.ContainsKey(parameter)))
        {
            if (parameter.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(flow.Cancellation)
                is ParameterSyntax { Default.Value: var value })
                arguments[parameter] = new Binding.Alias(value, flow.ScopeOf(declaration, definition.ContainingType), parameter.Type);
        }

        var lowered = Inlined(definition, declaration, arguments);
        if (lowered.Node is null)
            return flow.Reporter.HasErrors;
        chain.Add(lowered.Node);
        chain.Ends = lowered.Ends;
        (chain.Type, chain.Form) = (lowered.Type, lowered.Form);
        return true;
    }

    // `then: Approve`
    private Lowered Fragment(ExpressionSyntax branch, Binding[] arguments)
    {
        var methods = scope.MethodsOf(branch).Where(candidate => candidate.Parameters.Length == arguments.Length + 1).ToArray();
        if ((methods.FirstOrDefault(IsFragment) ?? methods.FirstOrDefault()) is not { } method)
        {
            flow.Reporter.Report(
                Descriptors.NoSetting, branch.GetLocation(), branch, "a lambda, such as f => f.Execute(…), or the name of a fragment");
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

        flow.Methods.Add(declaration);
        var inner = flow.ScopeOf(declaration, method.ContainingType);
        var start = inner.Declare(method.Parameters[0].Name, new Binding.Steps(method.Parameters[0].Type));
        foreach (var argument in arguments)
            inner.Declare(argument.Key.Name, argument.Value);
        flow.Fragments.Push(method);
        var body = BodyOf(declaration);
        var lowered = body is null ? default : new FlowLowering(flow, inner).Chain(body, start);
        flow.Fragments.Pop();
        if (body is null)
        {
            flow.Reporter.Report(
                Descriptors.Fragment, declaration.Identifier.GetLocation(), method.Name,
                "its body must be a single expression, like Define's");
        }

        return lowered with { Type = (method.ReturnType as INamedTypeSymbol)?.TypeArguments.FirstOrDefault() };
    }

    private MethodDeclarationSyntax? DeclarationOf(IMethodSymbol method, SyntaxNode place)
    {
        if (!IsFragment(method))
        {
            flow.Reporter.Report(Descriptors.NotAChain, place.GetLocation(), place, "flow");
            return null;
        }

        if (method is { IsStatic: true, TypeParameters.Length: 0, Parameters.Length: > 0 }
            && method.Parameters[0].Type.IsInSdk(WellKnownNames.Flow)
            && method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(flow.Cancellation) is MethodDeclarationSyntax declaration)
            return declaration;
        flow.Reporter.Report(
            Descriptors.Fragment, place.GetLocation(), method.Name,
            "it must be a non-generic static method of this project whose first parameter is a Flow");
        return null;
    }

    private static bool IsFragment(IMethodSymbol method) =>
        method.GetAttributes().Any(attribute => attribute.AttributeClass.IsInSdk("WorkflowFragmentAttribute"));
}
