using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Checks;
using PgDurable.Generators.Diagnostics;
using PgDurable.Generators.Model;
using PgDurable.Generators.Parsing;
using PgDurable.Sql;

namespace PgDurable.Generators.Lowering;

/// <summary>TRY, FAIL, CALL and ACTIVITY.</summary>
internal sealed partial class FlowLowering
{
    private GraphNode? Try(StepCall call, Chain chain)
    {
        var body = Branch(call["body"]!);
        var error = new Binding.Error(((INamedTypeSymbol)call.Method.Parameters[1].Type).TypeArguments[1]);
        flow.Errors.Push(error);
        var handler = Branch(call["onError"]!, error);
        flow.Errors.Pop();
        var last = call["last"] is { } always ? Branch(always) : default;
        chain.Ends = body.Ends && handler.Ends;
        call.Infer(body.Type ?? handler.Type);
        return body.Node is null || handler.Node is null || (last.Node is null && call["last"] is not null)
            ? null
            : Named(call, Compose.Try(body.Node, handler.Node, last.Node), Lowered.FormOf(body, handler));
    }

    private GraphNode? Fail(StepCall call, Chain chain)
    {
        chain.Ends = true;
        foreach (var loop in flow.Loops)
            loop.Ends = true;
        var hoist = new Hoist(flow);
        var message = new TextLowering(flow, scope, hoist).Lower(call["message"]!);
        var state = call["sqlState"] is { } given ? Settings.Text(given, SqlStateCheck.Problem) : null;
        if (state is null && call["sqlState"] is not null)
            return null;
        return message is null ? null : hoist.Before(Compose.Fail(message, state));
    }

    private GraphNode? Run(StepCall call) => call["activity"] is { } activity ? RunActivity(call, activity) : RunWorkflow(call);

    private GraphNode? RunActivity(StepCall call, ExpressionSyntax definition)
    {
        var hoist = new Hoist(flow);
        var type = ActivityReference.Of(definition, scope);
        var types = ActivityReference.TypesOf(definition, type, scope);
        call.Infer([.. types]);
        var input = call["input"] is { } given ? new JsonLowering(flow, scope, hoist).Lower(given, types.FirstOrDefault()) : "null";
        call.Form = ResultForm.Json;
        string? result = null;
        foreach (var (returned, argument) in call.Outs)
            result = Bind(argument, returned, form: ResultForm.Json);
        var queue = call["queue"] is { } named ? Settings.Text(named, QueueCheck.Problem) : null;
        var name = type is null ? null : ActivityParser.FindAttribute(type)?.ConstructorArguments.FirstOrDefault().Value as string;
        if (name is null)
        {
            flow.Reporter.Report(
                Descriptors.NoSetting, definition.GetLocation(), definition,
                "the Definition of a class with [Activity], such as ChargeCard.Definition");
        }

        if (name is null || input is null || (queue is null && call["queue"] is not null))
            return Wrapped(call, null);
        var node = Compose.Activity(name, input == "null" ? null : input, queue);
        node.Name = result;
        return Wrapped(call, node) is { } wrapped ? hoist.Before(wrapped) : null;
    }

    private GraphNode? RunWorkflow(StepCall call)
    {
        var hoist = new Hoist(flow);
        var called = Called(call, out var types);
        var input = call["input"] is { } given ? new JsonLowering(flow, scope, hoist).Lower(given, types?[0]) : "null";
        if (called is not var (workflow, version) || input is null)
            return null;
        var node = Named(call, Compose.Call(workflow, input == "null" ? null : input, version));
        return Wrapped(call, node) is { } wrapped ? hoist.Before(wrapped) : null;
    }

    // An ordinary statement, so it happens exactly once.
    private GraphNode? Start(StepCall call)
    {
        var called = Called(call, out var types);
        var input = call["input"] is { } given ? Json(given, types?[0], out _) : null;
        var label = call["label"] is { } text ? new TextLowering(flow, scope, new(flow)).Sql(text) : null;
        string? name = null;
        foreach (var (type, argument) in call.Outs)
            name = Bind(argument, type);
        if (called is not var (workflow, version) || input is null || (label is null && call["label"] is not null))
            return Wrapped(call, null);
        label ??= SqlQuote.Literal(workflow);
        var node = Compose.Sql(
            $"SELECT df.start_workflow({SqlQuote.Literal(workflow)}, to_jsonb({input}), label => {label}, version => {version}) AS value");
        node.Name = name;
        return Wrapped(call, node);
    }

    /// <summary>The workflow that a step starts, and its version; null after reporting that there is none.</summary>
    private (string Name, int Version)? Called(StepCall call, out IReadOnlyList<ITypeSymbol>? types)
    {
        var type = scope.TypeOf(call["workflow"]!) as INamedTypeSymbol;
        // While somebody is typing, the interface may have no type arguments yet.
        types = type?.AllInterfaces
            .FirstOrDefault(candidate => candidate.IsInSdk(WellKnownNames.Workflow) && candidate.TypeArguments.Length > 0)?.TypeArguments;
        call.Infer([.. types ?? []]);
        var attribute = type is null ? null : DeclarationParser.FindAttribute(type);
        if (attribute is { ConstructorArguments: [{ Value: string workflow }] })
            return (workflow, DeclarationParser.VersionOf(attribute));
        flow.Reporter.Report(
            Descriptors.NoSetting, call["workflow"]!.GetLocation(), call["workflow"]!,
            "an instance of a class with [Workflow], such as new ShipOrder()");
        return null;
    }
}
