namespace PgDurable;

public partial class Flow
{
    /// <summary>Runs a body and, when it fails, a handler. Undos of the body's steps run before the handler.</summary>
    /// <param name="body">What may fail.</param>
    /// <param name="onError">What runs when it does.</param>
    /// <param name="last">What runs at the end in any case; null is nothing.</param>
    /// <returns>The flow, to add the next step to.</returns>
    public Flow Try(Func<Flow, Flow> body, Func<Flow, FlowError, Flow> onError, Func<Flow, Flow>? last = null) =>
        throw DefinitionOnly.Error();

    /// <summary>Runs a body and, when it fails, a handler; both have the result.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="body">What may fail.</param>
    /// <param name="onError">What runs when it does; its result is then the step's.</param>
    /// <param name="last">What runs at the end in any case; null is nothing.</param>
    /// <returns>The flow, to add the next step to, or to return with the result.</returns>
    public Flow<T> Try<T>(Func<Flow, Flow<T>> body, Func<Flow, FlowError, Flow<T>> onError, Func<Flow, Flow>? last = null) =>
        throw DefinitionOnly.Error();

    /// <summary>Runs a body and, when it fails, a handler; both have the result, for later steps to refer to.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="body">What may fail.</param>
    /// <param name="onError">What runs when it does; its result is then the step's.</param>
    /// <param name="result">The result.</param>
    /// <param name="last">What runs at the end in any case; null is nothing.</param>
    /// <returns>The flow, to add the next step to, or to return with the result.</returns>
    public Flow<T> Try<T>(
        Func<Flow, Flow<T>> body, Func<Flow, FlowError, Flow<T>> onError, out T result, Func<Flow, Flow>? last = null) =>
        throw DefinitionOnly.Error();

    /// <summary>Fails with an error of your own.</summary>
    /// <param name="message">The message.</param>
    /// <param name="sqlState">Five of 0-9 and A-Z; null is DF006.</param>
    /// <returns>The flow; nothing can come after it.</returns>
    public Flow Fail(FlowText message, string? sqlState = null) => throw DefinitionOnly.Error();

    /// <summary>Fails with an error of your own, where a result would be expected.</summary>
    /// <typeparam name="T">The type of the result that there is not.</typeparam>
    /// <param name="message">The message.</param>
    /// <param name="sqlState">Five of 0-9 and A-Z; null is DF006.</param>
    /// <returns>The flow; nothing can come after it.</returns>
    public Flow<T> Fail<T>(FlowText message, string? sqlState = null) => throw DefinitionOnly.Error();

    /// <summary>Says how to take back the step before: when a later step fails, undos run, the last one first.</summary>
    /// <param name="undo">What takes it back; it may refer to the step's own result.</param>
    /// <returns>The flow, to add the next step to.</returns>
    public Flow Compensate(Func<Flow, Flow> undo) => throw DefinitionOnly.Error();

    /// <summary>Runs several steps again when one of them fails.</summary>
    /// <param name="retry">How often, and after which pauses.</param>
    /// <param name="body">The steps.</param>
    /// <returns>The flow, to add the next step to.</returns>
    public Flow Retry(Retry retry, Func<Flow, Flow> body) => throw DefinitionOnly.Error();

    /// <summary>Fails several steps when they take longer together; what they run is stopped.</summary>
    /// <param name="limit">More than nothing, and at most a year.</param>
    /// <param name="body">The steps.</param>
    /// <returns>The flow, to add the next step to.</returns>
    public Flow Timeout(TimeSpan limit, Func<Flow, Flow> body) => throw DefinitionOnly.Error();

    /// <summary>Runs another workflow as a step, as an instance of its own, and waits for its end.</summary>
    /// <typeparam name="TIn">The other workflow's input.</typeparam>
    /// <param name="workflow">The workflow: <c>new ShipOrder()</c>. It has to be registered in the database, in the version that it has here.</param>
    /// <param name="input">Its input: <c>new(…)</c> of constants and results.</param>
    /// <param name="retry">How a failure is retried; null is not.</param>
    /// <param name="timeout">How long it may take; null is no limit.</param>
    /// <returns>The flow, to add the next step to.</returns>
    public Flow Run<TIn>(IWorkflow<TIn> workflow, TIn input, Retry? retry = null, TimeSpan? timeout = null) =>
        throw DefinitionOnly.Error();

    /// <summary>Runs another workflow as a step, as an instance of its own, and takes its result.</summary>
    /// <typeparam name="TIn">The other workflow's input.</typeparam>
    /// <typeparam name="TOut">The other workflow's result.</typeparam>
    /// <param name="workflow">The workflow: <c>new ShipOrder()</c>. It has to be registered in the database, in the version that it has here.</param>
    /// <param name="input">Its input: <c>new(…)</c> of constants and results.</param>
    /// <param name="retry">How a failure is retried; null is not.</param>
    /// <param name="timeout">How long it may take; null is no limit.</param>
    /// <returns>The flow, to add the next step to, or to return with the result.</returns>
    public Flow<TOut> Run<TIn, TOut>(IWorkflow<TIn, TOut> workflow, TIn input, Retry? retry = null, TimeSpan? timeout = null) =>
        throw DefinitionOnly.Error();

    /// <summary>Runs another workflow as a step, as an instance of its own, and takes its result, for later steps to refer to.</summary>
    /// <typeparam name="TIn">The other workflow's input.</typeparam>
    /// <typeparam name="TOut">The other workflow's result.</typeparam>
    /// <param name="workflow">The workflow: <c>new ShipOrder()</c>. It has to be registered in the database, in the version that it has here.</param>
    /// <param name="input">Its input: <c>new(…)</c> of constants and results.</param>
    /// <param name="result">The result.</param>
    /// <param name="retry">How a failure is retried; null is not.</param>
    /// <param name="timeout">How long it may take; null is no limit.</param>
    /// <returns>The flow, to add the next step to, or to return with the result.</returns>
    public Flow<TOut> Run<TIn, TOut>(
        IWorkflow<TIn, TOut> workflow, TIn input, out TOut result, Retry? retry = null, TimeSpan? timeout = null) =>
        throw DefinitionOnly.Error();
}
