using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Diagnostics;
using PgDurable.Generators.Model;
using PgDurable.Generators.Parsing;

namespace PgDurable.Generators.Lowering;

/// <summary>Lowers a chain of calls of Flow's methods, and what is nested in it, to a graph.</summary>
internal sealed partial class FlowLowering(FlowModel flow, SemanticModel model)
{
    private static readonly Dictionary<string, Func<FlowLowering, StepCall, Chain, GraphNode?>> Steps = new(StringComparer.Ordinal)
    {
        ["Execute"] = static (lowering, call, _) => lowering.Sql(call),
        ["Query"] = static (lowering, call, _) => lowering.Sql(call),
        ["QuerySingle"] = static (lowering, call, _) => lowering.Sql(call),
        ["QuerySingleOrNull"] = static (lowering, call, _) => lowering.Sql(call),
        ["If"] = static (lowering, call, chain) => lowering.If(call, chain),
        ["While"] = static (lowering, call, _) => lowering.While(call),
        ["Forever"] = static (lowering, call, chain) => lowering.Forever(call, chain),
        ["Break"] = static (lowering, call, chain) => lowering.Break(call, chain),
        ["Sleep"] = static (lowering, call, _) => lowering.Sleep(call),
        ["WaitForSchedule"] = static (lowering, call, _) => lowering.Schedule(call),
        ["WaitForSignal"] = static (lowering, call, _) => lowering.Signal(call),
        ["HttpGet"] = static (lowering, call, _) => lowering.Http(call),
        ["HttpDelete"] = static (lowering, call, _) => lowering.Http(call),
        ["HttpPost"] = static (lowering, call, _) => lowering.Http(call),
        ["HttpPut"] = static (lowering, call, _) => lowering.Http(call),
        ["HttpPatch"] = static (lowering, call, _) => lowering.Http(call),
        ["Parallel"] = static (lowering, call, _) => lowering.Parallel(call),
        ["Race"] = static (lowering, call, chain) => lowering.Race(call, chain),
        ["ForEach"] = static (lowering, call, _) => lowering.ForEach(call),
        ["Try"] = static (lowering, call, chain) => lowering.Try(call, chain),
        ["Fail"] = static (lowering, call, chain) => lowering.Fail(call, chain),
        ["Compensate"] = static (lowering, call, chain) => lowering.Compensate(call, chain),
        ["Retry"] = static (lowering, call, chain) => lowering.RetryBlock(call, chain),
        ["Timeout"] = static (lowering, call, chain) => lowering.TimeoutBlock(call, chain),
        ["Run"] = static (lowering, call, _) => lowering.Run(call),
    };

    /// <summary>The methods of Flow that are steps.</summary>
    public static IReadOnlyCollection<string> StepNames => Steps.Keys;

    /// <summary>Lowers the chain that a body is. It begins at <paramref name="start"/>.</summary>
    public Lowered Chain(ExpressionSyntax body, ISymbol start)
    {
        var calls = new Stack<InvocationExpressionSyntax>();
        var expression = body.WithoutParentheses();
        while (expression is InvocationExpressionSyntax call && ReceiverOf(call) is { } receiver)
        {
            calls.Push(call);
            expression = receiver.WithoutParentheses();
        }

        if (!SymbolEqualityComparer.Default.Equals(SymbolOf(expression), start))
        {
            NotAChain(expression, start);
            return default;
        }

        // The outermost call is the last step: those inside are lowered first, so that names are bound in the order of execution.
        var chain = new Chain(flow);
        foreach (var call in calls)
        {
            if (chain.Ends)
            {
                flow.Reporter.Report(Descriptors.Unreachable, NameOf(call).GetLocation(), NameOf(call));
                break;
            }

            if (!Step(call, chain))
                return default;
        }

        return chain.Lowered;
    }

    /// <summary>Lowers a branch: a lambda, or the name of a fragment.</summary>
    public Lowered Branch(ExpressionSyntax branch, params Binding[] arguments)
    {
        branch = branch.WithoutParentheses();
        if (branch is not LambdaExpressionSyntax lambda)
            return Fragment(branch, arguments);

        if (SymbolOf(lambda) is not IMethodSymbol { Parameters: var parameters } || parameters.Length != arguments.Length + 1)
        {
            flow.Reporter.Fail();
            return default;
        }

        for (var i = 0; i < arguments.Length; i++)
            flow.Bindings[parameters[i + 1]] = arguments[i];
        if (BodyOf(lambda) is { } body)
        {
            var lowered = Chain(body, parameters[0]);
            if (lowered.Node is null && !flow.Reporter.HasErrors)
                flow.Reporter.Report(Descriptors.NoSteps, body.GetLocation());
            return lowered;
        }

        flow.Reporter.Report(Descriptors.UnsupportedBody, lambda.GetLocation());
        return default;
    }

    private bool Step(InvocationExpressionSyntax syntax, Chain chain)
    {
        var name = NameOf(syntax);
        if (SymbolOf(syntax) is not IMethodSymbol method)
        {
            flow.Reporter.Fail();
            return false;
        }

        if (!method.ContainingType.IsInSdk(WellKnownNames.Flow))
            return Inline(syntax, method, chain);

        var call = new StepCall(syntax, name, method, model);
        var before = flow.Reporter.Count;
        var node = Steps.TryGetValue(method.Name, out var lower) ? lower(this, call, chain) : NotAStep(name);
        if (node is null)
            return flow.Reporter.Count > before || !flow.Reporter.HasErrors ? Continue(call) : false;
        Locate(node, name);
        chain.Add(node);
        return true;
    }

    // The steps after one that was reported are lowered too, so that all mistakes are shown at once; their variables have to be known.
    private bool Continue(StepCall call)
    {
        foreach (var (parameter, argument) in call.Outs)
        {
            if (VariableOf(argument) is { } variable && !flow.Bindings.ContainsKey(variable))
                Bind(argument, parameter.Type);
        }

        return true;
    }

    private GraphNode? NotAStep(SimpleNameSyntax name)
    {
        flow.Reporter.Report(Descriptors.NotAChain, name.GetLocation(), name, "flow");
        return null;
    }

    /// <summary>Notes where nodes come from that do not know it yet.</summary>
    private static void Locate(GraphNode node, SyntaxNode place)
    {
        if (node.Source is not null)
            return;
        var span = place.GetLocation().GetMappedLineSpan();
        node.Source = new(span.Path, span.StartLinePosition.Line + 1);
        foreach (var child in node.Children)
            Locate(child, place);
    }

    private void NotAChain(ExpressionSyntax expression, ISymbol start)
    {
        if (expression is InvocationExpressionSyntax invocation)
        {
            if (SymbolOf(invocation) is null)
                flow.Reporter.Fail();
            else
                flow.Reporter.Report(Descriptors.NotAChain, NameOf(invocation).GetLocation(), NameOf(invocation), start.Name);
        }
        else if (SymbolOf(expression) is IParameterSymbol { Type: var type } && type.IsInSdk(WellKnownNames.Flow))
        {
            flow.Reporter.Report(Descriptors.OtherFlow, expression.GetLocation(), expression, start.Name);
        }
        else
        {
            flow.Reporter.Report(Descriptors.NotAChain, expression.GetLocation(), expression, start.Name);
        }
    }

    private ISymbol? SymbolOf(ExpressionSyntax expression) => model.GetSymbolInfo(expression, flow.Cancellation).Symbol;

    private static ExpressionSyntax? ReceiverOf(InvocationExpressionSyntax call) =>
        call.Expression is MemberAccessExpressionSyntax { RawKind: (int)SyntaxKind.SimpleMemberAccessExpression } member ? member.Expression : null;

    private static SimpleNameSyntax NameOf(InvocationExpressionSyntax call) => call.Expression switch
    {
        MemberAccessExpressionSyntax member => member.Name,
        SimpleNameSyntax simple => simple,
        _ => SyntaxFactory.IdentifierName(call.Expression.ToString()),
    };

    /// <summary>The expression that a lambda or a method is; null for one with other statements.</summary>
    public static ExpressionSyntax? BodyOf(SyntaxNode node) => node switch
    {
        LambdaExpressionSyntax { ExpressionBody: { } expression } => expression,
        LambdaExpressionSyntax { Block.Statements: [ReturnStatementSyntax { Expression: { } returned }] } => returned,
        BaseMethodDeclarationSyntax { ExpressionBody.Expression: { } expression } => expression,
        BaseMethodDeclarationSyntax { Body.Statements: [ReturnStatementSyntax { Expression: { } returned }] } => returned,
        _ => null,
    };
}
