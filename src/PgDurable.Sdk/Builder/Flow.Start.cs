namespace PgDurable;

/// <content>Starts of other workflows.</content>
public partial class Flow
{
    /// <summary>Starts another workflow as a separate instance and goes on without waiting for it.</summary>
    /// <inheritdoc
    ///     cref="Start{TIn, TOut}(IWorkflow{TIn, TOut}, TIn, out string, FlowText, Retry, TimeSpan?)"
    ///     path="/*[not(self::summary or self::param[@name='id'] or self::typeparam[@name='TOut'])]"/>
    public Flow Start<TIn>(
        IWorkflow<TIn> workflow, TIn input, FlowText label = default, Retry? retry = null, TimeSpan? timeout = null) =>
        throw DefinitionOnly.Error();

    /// <summary>Starts another workflow as a separate instance and goes on without waiting for it.</summary>
    /// <inheritdoc
    ///     cref="Start{TIn, TOut}(IWorkflow{TIn, TOut}, TIn, out string, FlowText, Retry, TimeSpan?)"
    ///     path="/*[not(self::summary or self::param[@name='id'])]"/>
    public Flow Start<TIn, TOut>(
        IWorkflow<TIn, TOut> workflow, TIn input, FlowText label = default, Retry? retry = null, TimeSpan? timeout = null) =>
        throw DefinitionOnly.Error();

    /// <inheritdoc
    ///     cref="Start{TIn, TOut}(IWorkflow{TIn, TOut}, TIn, out string, FlowText, Retry, TimeSpan?)"
    ///     path="/*[not(self::typeparam[@name='TOut'])]"/>
    public Flow Start<TIn>(
        IWorkflow<TIn> workflow, TIn input, out string id, FlowText label = default, Retry? retry = null, TimeSpan? timeout = null) =>
        throw DefinitionOnly.Error();

    /// <summary>Starts another workflow as a separate instance, keeps its id, and goes on without waiting for it.</summary>
    /// <typeparam name="TIn">The other workflow's input.</typeparam>
    /// <typeparam name="TOut">The other workflow's result.</typeparam>
    /// <param name="workflow">The workflow, such as <c>new ShipOrder()</c>. This version of it must be registered in the database.</param>
    /// <param name="input">The workflow's input: <c>new(…)</c> with constants and results.</param>
    /// <param name="id">The id of the instance, which later steps can refer to.</param>
    /// <param name="label">Its label: a text of constants and results. Without one, it is the workflow's name.</param>
    /// <param name="retry">The retry policy, or null for no retries.</param>
    /// <param name="timeout">The time limit for each attempt, or null for none.</param>
    /// <returns>The flow, to chain the next step.</returns>
    /// <remarks>
    /// The other instance starts when this step commits, exactly once. It has no parent: canceling this workflow doesn't cancel it.
    /// </remarks>
    public Flow Start<TIn, TOut>(
        IWorkflow<TIn, TOut> workflow, TIn input, out string id, FlowText label = default, Retry? retry = null, TimeSpan? timeout = null) =>
        throw DefinitionOnly.Error();
}
