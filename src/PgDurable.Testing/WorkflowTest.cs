using System.Text.Json;
using PgDurable.Graph;
using PgDurable.Testing.Answers;

namespace PgDurable.Testing;

/// <summary>
/// Runs a workflow in memory, with the worker's own engine and dispatcher, tables in memory and a virtual clock. Sleeps, schedules and
/// timeouts of months take milliseconds. The test says what the steps' SQL returns, or runs it in a real database in a transaction that is
/// rolled back.
/// </summary>
/// <example><code>
/// var result = await WorkflowTest.For&lt;OrderApproval, OrderApproval.Input, OrderApproval.Decision&gt;(new(OrderId: 1))
///     .Rows("order", new OrderApproval.Order(1, 99.5m, Note: null))
///     .Sql(step => step.Sql.Contains("'approved'") ? new OrderApproval.Decision("approved") : null)
///     .SignalAfter(TimeSpan.FromHours(2), "approval", new OrderApproval.Approval(true, "jane"))
///     .CrashAfter("order")
///     .RunAsync();
/// </code></example>
public static class WorkflowTest
{
    /// <summary>Creates a test of a workflow with a result.</summary>
    /// <typeparam name="TWorkflow">The workflow's class.</typeparam>
    /// <typeparam name="TIn">The type of the input.</typeparam>
    /// <typeparam name="TOut">The type of the result.</typeparam>
    /// <param name="input">The input.</param>
    public static WorkflowTest<TOut> For<TWorkflow, TIn, TOut>(TIn input)
        where TWorkflow : IWorkflow<TIn, TOut> => For(TWorkflow.Definition, input);

    /// <summary>Creates a test of a workflow without a result. The output is the result of its last step as JSON.</summary>
    /// <typeparam name="TWorkflow">The workflow's class.</typeparam>
    /// <typeparam name="TIn">The type of the input.</typeparam>
    /// <param name="input">The input.</param>
    public static WorkflowTest<JsonElement> For<TWorkflow, TIn>(TIn input)
        where TWorkflow : IWorkflow<TIn> => For(TWorkflow.Definition, TWorkflow.Definition.WriteInput(input));

    /// <summary>Creates a test of a workflow with a result.</summary>
    /// <typeparam name="TIn">The type of the input.</typeparam>
    /// <typeparam name="TOut">The type of the result.</typeparam>
    /// <param name="definition">The workflow.</param>
    /// <param name="input">The input.</param>
    public static WorkflowTest<TOut> For<TIn, TOut>(WorkflowDefinition<TIn, TOut> definition, TIn input)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return new WorkflowTest<TOut>(
            new(definition.Name, definition.Version, definition.GraphJson), definition.WriteInput(input), definition.ReadResult,
            definition);
    }

    /// <summary>Creates a test of a workflow whose types are unknown. The output is JSON.</summary>
    /// <param name="definition">The workflow.</param>
    /// <param name="inputJson">The JSON that steps refer to as <c>$input</c>, or null for none.</param>
    public static WorkflowTest<JsonElement> For(WorkflowDefinition definition, string? inputJson = null)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return new WorkflowTest<JsonElement>(
            new(definition.Name, definition.Version, definition.GraphJson), inputJson, ReadJson, definition);
    }

    /// <summary>Creates a test of a graph that was composed at run time. The output is JSON.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="inputJson">The JSON that steps refer to as <c>$input</c>, or null for none.</param>
    /// <exception cref="GraphFormatException">The graph is invalid. The message is the one of <c>df.start</c>.</exception>
    public static WorkflowTest<JsonElement> For(DfNode graph, string? inputJson = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        graph.Validate();
        return new WorkflowTest<JsonElement>(new("", null, graph.ToJson()), inputJson, ReadJson);
    }

    internal static JsonElement ReadJson(string json) =>
        JsonElement.Parse(json, new JsonDocumentOptions { MaxDepth = JsonbText.MaxDepth });

    internal static string Input(object? input) => input is string json ? json : JsonValues.Write(input);
}
