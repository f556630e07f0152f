namespace PgDurable;

/// <summary>A flow whose last step has a result.</summary>
/// <typeparam name="T">The type of the result.</typeparam>
public sealed class Flow<T> : Flow
{
    private Flow()
    {
    }

    /// <summary>Defines how to undo the preceding step. If a later step fails, the undos run in reverse order.</summary>
    /// <param name="undo">The steps that undo it. They can refer to the step's own result.</param>
    /// <returns>The flow, to chain the next step or to return the step's result.</returns>
    public new Flow<T> Compensate(Func<Flow, Flow> undo) => throw DefinitionOnly.Error();
}
