namespace PgDurable;

/// <summary>A workflow that is run for its effects.</summary>
/// <typeparam name="TIn">The input: a record or class whose properties the steps refer to.</typeparam>
public interface IWorkflow<TIn>
{
    /// <summary>Describes the workflow. It is read by the generator and never executed.</summary>
    /// <param name="flow">Where the chain of steps begins.</param>
    /// <param name="input">The input, to be used in the holes of SQL texts.</param>
    /// <returns>The chain of steps, in one expression.</returns>
    static abstract Flow Define(Flow flow, TIn input);

    /// <summary>The workflow's definition, which the generator adds to the class.</summary>
    /// <exception cref="InvalidOperationException">The class was compiled without the generator, or with errors.</exception>
    static virtual WorkflowDefinition<TIn> Definition => throw DefinitionOnly.NotGenerated();
}
