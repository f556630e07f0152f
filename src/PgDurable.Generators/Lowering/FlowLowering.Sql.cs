using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Diagnostics;
using PgDurable.Generators.Model;
using PgDurable.Graph;

namespace PgDurable.Generators.Lowering;

/// <summary>Steps that run SQL, and what wraps steps of any kind.</summary>
internal sealed partial class FlowLowering
{
    private const string LostInUndo = "an undo runs after all other steps. Declare a new variable with 'out var'";

    private GraphNode? Sql(StepCall call)
    {
        if (call["sql"] is not { } text)
            return Failed();
        var lowering = new SqlTextLowering(flow, scope);
        var sql = lowering.Lower(text);
        string? name = null;
        foreach (var (type, argument) in call.Outs)
        {
            name = Bind(argument, type);
            if (name is not null && type is not null && call.Method.Name == "QuerySingleOrNull")
            {
                var row = type.IsValueType ? type : call.Method.TypeArguments[0];
                scope.Find(NameOf(argument)!)!.Binding = new Binding.Row(name, row, MayBeMissing: true);
            }
        }

        if (sql is null)
            return Wrapped(call, null);
        var node = Compose.Sql(sql);
        node.Name = name;
        flow.Statements.Add(node, StepOf(call, lowering.Source!));
        return Wrapped(call, node);
    }

    private static SqlStep StepOf(StepCall call, SqlSource source)
    {
        var row = call.Method.TypeArguments.FirstOrDefault();
        SyntaxNode place = call.Name is GenericNameSyntax { TypeArgumentList.Arguments: [var written] }
            ? written
            : call.Outs.Select(each => each.Argument.Expression).OfType<DeclarationExpressionSyntax>()
                .FirstOrDefault(declared => !declared.Type.IsVar)?.Type ?? (SyntaxNode)call.Name;
        return new(
            source, row is ITypeParameterSymbol ? null : row, place.GetLocation(),
            call.Method.Name == "QuerySingleOrNull");
    }

    /// <summary>Wraps a step in its timeout and its retries.</summary>
    private GraphNode? Wrapped(StepCall call, GraphNode? node)
    {
        if (node is not null)
            Locate(node, call.Name);
        if (call["timeout"] is { } limit)
        {
            var seconds = TimeLimit(limit);
            node = seconds is { } time && node is not null ? Compose.Timeout(node, time) : null;
        }

        return Retried(call, node);
    }

    private GraphNode? Retried(StepCall call, GraphNode? node)
    {
        if (call["retry"] is not { } retry)
            return node;
        var hoist = new Hoist(flow);
        return Settings.Retry(retry, hoist) is { } settings && node is not null ? hoist.Before(Compose.Retry(node, settings)) : null;
    }

    private GraphNode? Compensate(StepCall call, Chain chain)
    {
        if (chain.IsEmpty)
        {
            flow.Reporter.Report(Descriptors.NothingToUndo, call.Name.GetLocation());
            return null;
        }

        var forward = chain.Take();
        var undo = Branch(call["undo"]!, LostInUndo);
        if (undo.Node is null)
        {
            chain.Add(forward);
            return null;
        }

        return Compose.Undo(forward, undo.Node);
    }

    private GraphNode? RetryBlock(StepCall call, Chain chain)
    {
        var hoist = new Hoist(flow);
        var settings = call["retry"] is { } retry ? Settings.Retry(retry, hoist) : null;
        var body = Branch(call["body"]!);
        chain.Ends = body.Ends;
        call.Infer(body.Type);
        return settings is null || body.Node is null
            ? null
            : Named(call, Compose.Retry(body.Node, settings), body.Form) is { } node ? hoist.Before(node) : null;
    }

    private GraphNode? TimeoutBlock(StepCall call, Chain chain)
    {
        var seconds = TimeLimit(call["limit"]!);
        var body = Branch(call["body"]!);
        chain.Ends = body.Ends;
        call.Infer(body.Type);
        return seconds is not { } time || body.Node is null ? null : Named(call, Compose.Timeout(body.Node, time), body.Form);
    }


    private decimal? TimeLimit(ExpressionSyntax expression) => Settings.Seconds(
        expression, 0.000001m, Limits.MaxTimeoutSeconds, isWhole: false, "a timeout must be longer than zero and at most one year");

    private SettingReader Settings => new(flow, scope);

    private GraphNode? Failed()
    {
        flow.Reporter.Fail();
        return null;
    }
}
