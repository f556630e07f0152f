namespace PgDurable;

public partial class Flow
{
    /// <summary>Fails with a custom error.</summary>
    /// <param name="message">The message.</param>
    /// <param name="sqlState">The SQLSTATE: five characters from 0-9 and A-Z, or null for DF006.</param>
    /// <returns>The flow. No step can follow.</returns>
    public Flow Fail(FlowText message, string? sqlState = null) => throw DefinitionOnly.Error();

    /// <summary>Fails with a custom error, in a place where a result is expected.</summary>
    /// <typeparam name="T">The type of the expected result.</typeparam>
    /// <param name="message">The message.</param>
    /// <param name="sqlState">The SQLSTATE: five characters from 0-9 and A-Z, or null for DF006.</param>
    /// <returns>The flow. No step can follow.</returns>
    public Flow<T> Fail<T>(FlowText message, string? sqlState = null) => throw DefinitionOnly.Error();

    /// <summary>Defines how to undo the preceding step. If a later step fails, the undos run in reverse order.</summary>
    /// <param name="undo">The steps that undo it. They can refer to the step's own result.</param>
    /// <returns>The flow, to chain the next step.</returns>
    public Flow Compensate(Func<Flow, Flow> undo) => throw DefinitionOnly.Error();

    /// <summary>Runs another workflow as a separate instance and waits until it ends.</summary>
    /// <typeparam name="TIn">The other workflow's input.</typeparam>
    /// <param name="workflow">The workflow, such as <c>new ShipOrder()</c>. This version of it must be registered in the database.</param>
    /// <param name="input">The workflow's input: <c>new(…)</c> with constants and results.</param>
    /// <param name="retry">The retry policy, or null for no retries.</param>
    /// <param name="timeout">The time limit for each attempt, or null for none.</param>
    /// <returns>The flow, to chain the next step.</returns>
    public Flow Run<TIn>(IWorkflow<TIn> workflow, TIn input, Retry? retry = null, TimeSpan? timeout = null) =>
        throw DefinitionOnly.Error();

    /// <summary>Runs another workflow as a separate instance and returns its result.</summary>
    /// <typeparam name="TIn">The other workflow's input.</typeparam>
    /// <typeparam name="TOut">The other workflow's result.</typeparam>
    /// <param name="workflow">The workflow, such as <c>new ShipOrder()</c>. This version of it must be registered in the database.</param>
    /// <param name="input">The workflow's input: <c>new(…)</c> with constants and results.</param>
    /// <param name="retry">The retry policy, or null for no retries.</param>
    /// <param name="timeout">The time limit for each attempt, or null for none.</param>
    /// <returns>The flow, to chain the next step or to return the result.</returns>
    public Flow<TOut> Run<TIn, TOut>(IWorkflow<TIn, TOut> workflow, TIn input, Retry? retry = null, TimeSpan? timeout = null) =>
        throw DefinitionOnly.Error();

    /// <summary>Runs another workflow as a separate instance and keeps its result, so that later steps can refer to it.</summary>
    /// <typeparam name="TIn">The other workflow's input.</typeparam>
    /// <typeparam name="TOut">The other workflow's result.</typeparam>
    /// <param name="workflow">The workflow, such as <c>new ShipOrder()</c>. This version of it must be registered in the database.</param>
    /// <param name="input">The workflow's input: <c>new(…)</c> with constants and results.</param>
    /// <param name="result">The result.</param>
    /// <param name="retry">The retry policy, or null for no retries.</param>
    /// <param name="timeout">The time limit for each attempt, or null for none.</param>
    /// <returns>The flow, to chain the next step or to return the result.</returns>
    public Flow<TOut> Run<TIn, TOut>(
        IWorkflow<TIn, TOut> workflow, TIn input, out TOut result, Retry? retry = null, TimeSpan? timeout = null) =>
        throw DefinitionOnly.Error();

    /// <summary>Runs an activity: code in the application. It must be registered there, with <c>AddPgDurableActivities</c>.</summary>
    /// <typeparam name="TIn">The activity's input.</typeparam>
    /// <param name="activity">The generated definition, such as <c>SendMail.Definition</c>.</param>
    /// <param name="input">The activity's input: <c>new(…)</c> with constants and results.</param>
    /// <param name="queue">The queue that the activity is claimed from: a constant, or null for the default queue.</param>
    /// <param name="retry">The retry policy, or null for no retries.</param>
    /// <param name="timeout">The time limit for each attempt, or null for none.</param>
    /// <returns>The flow, to chain the next step.</returns>
    public Flow Run<TIn>(
        ActivityDefinition<TIn> activity, TIn input, string? queue = null, Retry? retry = null, TimeSpan? timeout = null) =>
        throw DefinitionOnly.Error();

    /// <summary>Runs an activity, code in the application, and returns its result.</summary>
    /// <typeparam name="TIn">The activity's input.</typeparam>
    /// <typeparam name="TOut">The activity's result.</typeparam>
    /// <param name="activity">The generated definition, such as <c>ChargeCard.Definition</c>.</param>
    /// <param name="input">The activity's input: <c>new(…)</c> with constants and results.</param>
    /// <param name="queue">The queue that the activity is claimed from: a constant, or null for the default queue.</param>
    /// <param name="retry">The retry policy, or null for no retries.</param>
    /// <param name="timeout">The time limit for each attempt, or null for none.</param>
    /// <returns>The flow, to chain the next step or to return the result.</returns>
    public Flow<TOut> Run<TIn, TOut>(
        ActivityDefinition<TIn, TOut> activity, TIn input, string? queue = null, Retry? retry = null, TimeSpan? timeout = null) =>
        throw DefinitionOnly.Error();

    /// <summary>Runs an activity, code in the application, and keeps its result, so that later steps can refer to it.</summary>
    /// <typeparam name="TIn">The activity's input.</typeparam>
    /// <typeparam name="TOut">The activity's result.</typeparam>
    /// <param name="activity">The generated definition, such as <c>ChargeCard.Definition</c>.</param>
    /// <param name="input">The activity's input: <c>new(…)</c> with constants and results.</param>
    /// <param name="result">The result.</param>
    /// <param name="queue">The queue that the activity is claimed from: a constant, or null for the default queue.</param>
    /// <param name="retry">The retry policy, or null for no retries.</param>
    /// <param name="timeout">The time limit for each attempt, or null for none.</param>
    /// <returns>The flow, to chain the next step or to return the result.</returns>
    public Flow<TOut> Run<TIn, TOut>(
        ActivityDefinition<TIn, TOut> activity, TIn input, out TOut result, string? queue = null, Retry? retry = null,
        TimeSpan? timeout = null) => throw DefinitionOnly.Error();
}
