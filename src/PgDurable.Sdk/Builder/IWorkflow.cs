namespace PgDurable;

/// <summary>A workflow without a result.</summary>
/// <typeparam name="TIn">The input: a record or class whose properties the steps refer to.</typeparam>
public interface IWorkflow<TIn>
{
    /// <summary>Describes the workflow. The generator reads this method at compile time; it is never executed.</summary>
    /// <param name="flow">The start of the chain of steps.</param>
    /// <param name="input">The input, for use in the interpolations of SQL texts.</param>
    /// <returns>The chain of steps, as one expression.</returns>
    static abstract Flow Define(Flow flow, TIn input);

    /// <summary>Gets the workflow's definition, which the generator adds to the class.</summary>
    /// <exception cref="InvalidOperationException">The class was compiled without the generator or with errors.</exception>
    static virtual WorkflowDefinition<TIn> Definition => throw DefinitionOnly.NotGenerated();
}
