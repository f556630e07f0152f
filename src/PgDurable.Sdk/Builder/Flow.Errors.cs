namespace PgDurable;

public partial class Flow
{
    /// <summary>Runs a body and, if it fails, a handler. The undos of the body's completed steps run before the handler.</summary>
    /// <param name="body">The steps that may fail.</param>
    /// <param name="onError">The handler, which receives the error.</param>
    /// <param name="last">Steps that run at the end, whether or not the body failed, or null for none.</param>
    /// <returns>The flow, to chain the next step.</returns>
    public Flow Try(Func<Flow, Flow> body, Func<Flow, FlowError, Flow> onError, Func<Flow, Flow>? last = null) =>
        throw DefinitionOnly.Error();

    /// <summary>Runs a body and, if it fails, a handler. The step's result is that of the body or of the handler.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="body">The steps that may fail.</param>
    /// <param name="onError">The handler. If it runs, its result becomes the step's result.</param>
    /// <param name="last">Steps that run at the end, whether or not the body failed, or null for none.</param>
    /// <returns>The flow, to chain the next step or to return the result.</returns>
    public Flow<T> Try<T>(Func<Flow, Flow<T>> body, Func<Flow, FlowError, Flow<T>> onError, Func<Flow, Flow>? last = null) =>
        throw DefinitionOnly.Error();

    /// <summary>
    /// Runs a body and, if it fails, a handler, and keeps the result of the one that completes, so that later steps can refer to it.
    /// </summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="body">The steps that may fail.</param>
    /// <param name="onError">The handler. If it runs, its result becomes the step's result.</param>
    /// <param name="result">The result.</param>
    /// <param name="last">Steps that run at the end, whether or not the body failed, or null for none.</param>
    /// <returns>The flow, to chain the next step or to return the result.</returns>
    public Flow<T> Try<T>(
        Func<Flow, Flow<T>> body, Func<Flow, FlowError, Flow<T>> onError, out T result, Func<Flow, Flow>? last = null) =>
        throw DefinitionOnly.Error();

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

    /// <summary>Retries a group of steps if one of them fails.</summary>
    /// <param name="retry">The number of attempts and the delays between them.</param>
    /// <param name="body">The steps.</param>
    /// <returns>The flow, to chain the next step.</returns>
    public Flow Retry(Retry retry, Func<Flow, Flow> body) => throw DefinitionOnly.Error();

    /// <summary>
    /// Retries a group of steps if one of them fails, and keeps the group's result, so that later steps can refer to it.
    /// </summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="retry">The number of attempts and the delays between them.</param>
    /// <param name="body">The steps.</param>
    /// <param name="result">The result.</param>
    /// <returns>The flow, to chain the next step or to return the result.</returns>
    public Flow<T> Retry<T>(Retry retry, Func<Flow, Flow<T>> body, out T result) => throw DefinitionOnly.Error();

    /// <summary>
    /// Limits the total duration of a group of steps. If they exceed the limit, the running work is stopped and the group fails.
    /// </summary>
    /// <param name="limit">The limit: more than zero, at most one year.</param>
    /// <param name="body">The steps.</param>
    /// <returns>The flow, to chain the next step.</returns>
    public Flow Timeout(TimeSpan limit, Func<Flow, Flow> body) => throw DefinitionOnly.Error();

    /// <summary>
    /// Limits the total duration of a group of steps, and keeps the group's result, so that later steps can refer to it. If they exceed the
    /// limit, the running work is stopped and the group fails.
    /// </summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="limit">The limit: more than zero, at most one year.</param>
    /// <param name="body">The steps.</param>
    /// <param name="result">The result.</param>
    /// <returns>The flow, to chain the next step or to return the result.</returns>
    public Flow<T> Timeout<T>(TimeSpan limit, Func<Flow, Flow<T>> body, out T result) => throw DefinitionOnly.Error();

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
