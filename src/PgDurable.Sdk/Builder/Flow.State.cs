namespace PgDurable;

public partial class Flow
{
    /// <summary>
    /// Publishes a value about the instance, in place of the one before. It becomes visible when the step commits, and
    /// <see cref="WorkflowHandle.StateAsync{T}"/> and <c>df.state</c> read it while the instance runs and after its end.
    /// </summary>
    /// <typeparam name="T">The type of the value: a scalar or a record, the same wherever the workflow publishes.</typeparam>
    /// <param name="value">The value: <c>new Progress(…)</c>, a result, a property of one, or another expression.</param>
    /// <returns>The flow, to chain the next step.</returns>
    public Flow Publish<T>(T value) => throw DefinitionOnly.Error();
}
