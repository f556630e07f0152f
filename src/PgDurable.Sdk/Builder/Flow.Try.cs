using System.Diagnostics.CodeAnalysis;

namespace PgDurable;

// See Flow.cs for the order and the annotations.
#nullable disable annotations
#pragma warning disable RS0041 // Uses oblivious reference types.

public partial class Flow
{
    /// <summary>Runs a body and, if it fails, a handler. The step's result is that of the body or of the handler.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="body">The steps that may fail.</param>
    /// <param name="onError">The handler. If it runs, its result becomes the step's result.</param>
    /// <param name="last">Steps that run at the end, whether or not the body failed, or null for none.</param>
    /// <returns>The flow, to chain the next step or to return the result.</returns>
    public Flow<T> Try<T>(
        [DisallowNull] Func<Flow, Flow<T>> body, [DisallowNull] Func<Flow, FlowError, Flow<T>> onError, Func<Flow, Flow> last = null) =>
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
        [DisallowNull] Func<Flow, Flow<T>> body, [DisallowNull] Func<Flow, FlowError, Flow<T>> onError, out T result,
        Func<Flow, Flow> last = null) =>
        throw DefinitionOnly.Error();

    /// <summary>Runs a body and, if it fails, a handler. The undos of the body's completed steps run before the handler.</summary>
    /// <param name="body">The steps that may fail.</param>
    /// <param name="onError">The handler, which receives the error.</param>
    /// <param name="last">Steps that run at the end, whether or not the body failed, or null for none.</param>
    /// <returns>The flow, to chain the next step.</returns>
    public Flow Try(
        [DisallowNull] Func<Flow, Flow> body, [DisallowNull] Func<Flow, FlowError, Flow> onError, Func<Flow, Flow> last = null) =>
        throw DefinitionOnly.Error();

    /// <summary>Retries a group of steps if one of them fails.</summary>
    /// <param name="retry">The number of attempts and the delays between them.</param>
    /// <param name="body">The steps.</param>
    /// <returns>The flow, to chain the next step.</returns>
    public Flow Retry([DisallowNull] Retry retry, [DisallowNull] Func<Flow, Flow> body) => throw DefinitionOnly.Error();

    /// <summary>
    /// Retries a group of steps if one of them fails, and keeps the group's result, so that later steps can refer to it.
    /// </summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="retry">The number of attempts and the delays between them.</param>
    /// <param name="body">The steps.</param>
    /// <param name="result">The result.</param>
    /// <returns>The flow, to chain the next step or to return the result.</returns>
    public Flow<T> Retry<T>([DisallowNull] Retry retry, [DisallowNull] Func<Flow, Flow<T>> body, out T result) =>
        throw DefinitionOnly.Error();

    /// <summary>
    /// Limits the total duration of a group of steps. If they exceed the limit, the running work is stopped and the group fails.
    /// </summary>
    /// <param name="limit">The limit: more than zero, at most one year.</param>
    /// <param name="body">The steps.</param>
    /// <returns>The flow, to chain the next step.</returns>
    public Flow Timeout(TimeSpan limit, [DisallowNull] Func<Flow, Flow> body) => throw DefinitionOnly.Error();

    /// <summary>
    /// Limits the total duration of a group of steps, and keeps the group's result, so that later steps can refer to it. If they exceed the
    /// limit, the running work is stopped and the group fails.
    /// </summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="limit">The limit: more than zero, at most one year.</param>
    /// <param name="body">The steps.</param>
    /// <param name="result">The result.</param>
    /// <returns>The flow, to chain the next step or to return the result.</returns>
    public Flow<T> Timeout<T>(TimeSpan limit, [DisallowNull] Func<Flow, Flow<T>> body, out T result) => throw DefinitionOnly.Error();
}
