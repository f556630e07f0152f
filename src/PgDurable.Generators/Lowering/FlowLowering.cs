using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Diagnostics;
using PgDurable.Generators.Model;
using PgDurable.Generators.Parsing;

namespace PgDurable.Generators.Lowering;

/// <summary>Lowers a chain of calls to Flow's methods, and everything nested in it, to a graph.</summary>
internal sealed partial class FlowLowering(FlowModel flow, Scope scope)
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
        ["SleepUntil"] = static (lowering, call, _) => lowering.SleepUntil(call),
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
        ["Start"] = static (lowering, call, _) => lowering.Start(call),
        ["Run"] = static (lowering, call, _) => lowering.Run(call),
        ["Publish"] = static (lowering, call, _) => lowering.Publish(call),
        ["Tag"] = static (lowering, call, _) => lowering.Tag(call),
    };

    /// <summary>The methods of Flow that are steps.</summary>
    public static IReadOnlyCollection<string> StepNames => Steps.Keys;

    /// <summary>Lowers a body, which is a chain that begins at <paramref name="start"/>.</summary>
    /// <param name="body">The body.</param>
    /// <param name="start">The flow.</param>
    /// <param name="first">A step before the body's own; null for none.</param>
    public Lowered Chain(ExpressionSyntax body, Variable start, GraphNode? first = null)
    {
        var calls = new Stack<InvocationExpressionSyntax>();
        var expression = body.WithoutParentheses();
        while (expression is InvocationExpressionSyntax call && ReceiverOf(call) is { } receiver)
        {
            calls.Push(call);
            expression = receiver.WithoutParentheses();
        }

        if (scope.VariableOf(expression) != start)
        {
            NotAChain(expression, start);
            return default;
        }

        // The outermost call is the last step. Inner calls are lowered first, so that names are bound in the order of execution.
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

        if (first is not null && !chain.IsEmpty)
            chain.AddFirst(first);
        return chain.Lowered;
    }

    /// <summary>Lowers a branch: a lambda, or the name of a fragment.</summary>
    public Lowered Branch(ExpressionSyntax branch, params Binding[] arguments) => Branch(branch, lost: null, arguments);

    private Lowered Branch(ExpressionSyntax branch, string? lost, params Binding[] arguments)
    {
        branch = branch.WithoutParentheses();
        if (branch is not LambdaExpressionSyntax lambda)
            return Fragment(branch, arguments);

        ParameterSyntax[] parameters = lambda switch
        {
            SimpleLambdaExpressionSyntax simple => [simple.Parameter],
            ParenthesizedLambdaExpressionSyntax several => [.. several.ParameterList.Parameters],
            _ => [],
        };
        if (parameters.Length != arguments.Length + 1)
        {
            flow.Reporter.Fail();
            return default;
        }

        var inner = scope.Inner(lost);
        var start = inner.Declare(parameters[0].Identifier.ValueText, new Binding.Steps(flow.Flow));
        for (var i = 0; i < arguments.Length; i++)
            inner.Declare(parameters[i + 1].Identifier.ValueText, arguments[i]);
        if (BodyOf(lambda) is { } body)
        {
            var lowered = new FlowLowering(flow, inner).Chain(body, start);
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
        if (!Steps.TryGetValue(name.Identifier.ValueText, out var lower) || StepCall.Of(syntax, name, flow, scope) is not { } call)
            return Inline(syntax, name, chain);

        if (!call.IsComplete)
        {
            flow.Reporter.Fail();
            return Continue(call);
        }

        var before = flow.Reporter.Count;
        var node = lower(this, call, chain);
        if (node is null)
            return flow.Reporter.Count > before || !flow.Reporter.HasErrors ? Continue(call) : false;
        Locate(node, name);
        chain.Add(node);
        if (name.Identifier.ValueText != "Compensate")
            (chain.Type, chain.Form) = (call.Result, call.Form);
        return true;
    }

    // Steps after a reported one are lowered too, so that all mistakes are shown at once. They need its variables.
    private bool Continue(StepCall call)
    {
        foreach (var (type, argument) in call.Outs)
        {
            if (NameOf(argument) is { } variable && scope.Find(variable) is not { Binding: not Lowering.Binding.Unknown })
                Bind(argument, type);
        }

        return true;
    }

    /// <summary>Sets the source of nodes that don't have one yet.</summary>
    private static void Locate(GraphNode node, SyntaxNode place)
    {
        if (node.Source is not null)
            return;
        node.Place = place.GetLocation();
        var span = node.Place.GetMappedLineSpan();
        node.Source = new(span.Path, span.StartLinePosition.Line + 1);
        foreach (var child in node.Children)
            Locate(child, place);
    }

    private void NotAChain(ExpressionSyntax expression, Variable start)
    {
        if (expression is InvocationExpressionSyntax invocation)
        {
            flow.Reporter.Report(Descriptors.NotAChain, NameOf(invocation).GetLocation(), NameOf(invocation), start.Name);
        }
        else if (scope.VariableOf(expression)?.Binding is Binding.Steps)
        {
            flow.Reporter.Report(Descriptors.OtherFlow, expression.GetLocation(), expression, start.Name);
        }
        else
        {
            flow.Reporter.Report(Descriptors.NotAChain, expression.GetLocation(), expression, start.Name);
        }
    }

    private static ExpressionSyntax? ReceiverOf(InvocationExpressionSyntax call) =>
        call.Expression is MemberAccessExpressionSyntax { RawKind: (int)SyntaxKind.SimpleMemberAccessExpression } member
            ? member.Expression
            : null;

    private static SimpleNameSyntax NameOf(InvocationExpressionSyntax call) => call.Expression switch
    {
        MemberAccessExpressionSyntax member => member.Name,
        SimpleNameSyntax simple => simple,
        _ => SyntaxFactory.IdentifierName(call.Expression.ToString()),
    };

    /// <summary>The expression that a lambda or a method consists of; null if it has other statements.</summary>
    public static ExpressionSyntax? BodyOf(SyntaxNode node) => node switch
    {
        LambdaExpressionSyntax { ExpressionBody: { } expression } => expression,
        LambdaExpressionSyntax { Block.Statements: [ReturnStatementSyntax { Expression: { } returned }] } => returned,
        BaseMethodDeclarationSyntax { ExpressionBody.Expression: { } expression } => expression,
        BaseMethodDeclarationSyntax { Body.Statements: [ReturnStatementSyntax { Expression: { } returned }] } => returned,
        _ => null,
    };
}
