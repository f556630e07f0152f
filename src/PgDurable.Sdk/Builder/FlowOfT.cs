namespace PgDurable;

/// <summary>A flow whose last step has a result.</summary>
/// <typeparam name="T">The type of the result.</typeparam>
public sealed class Flow<T> : Flow
{
    private Flow()
    {
    }

    /// <summary>Says how to take back the step before: when a later step fails, undos run, the last one first.</summary>
    /// <param name="undo">What takes it back; it may refer to the step's own result.</param>
    /// <returns>The flow, to add the next step to, or to return with the step's result.</returns>
    public new Flow<T> Compensate(Func<Flow, Flow> undo) => throw DefinitionOnly.Error();
}
