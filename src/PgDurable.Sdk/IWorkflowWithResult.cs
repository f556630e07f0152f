namespace PgDurable;

/// <summary>A workflow with a result: that of its last step.</summary>
/// <typeparam name="TIn">The input: a record or class whose properties the steps refer to.</typeparam>
/// <typeparam name="TOut">
/// What the last step returns: <c>T</c> for <c>QuerySingle</c>, <c>IReadOnlyList&lt;T&gt;</c> for
/// <c>Query</c>.
/// </typeparam>
public interface IWorkflow<TIn, TOut>
{
    /// <summary>Describes the workflow. It is read by the generator and never executed.</summary>
    /// <param name="flow">Where the chain of steps begins.</param>
    /// <param name="input">The input, to be used in the holes of SQL texts.</param>
    /// <returns>The chain of steps, in one expression.</returns>
    static abstract Flow<TOut> Define(Flow flow, TIn input);

    /// <summary>The workflow's definition, which the generator adds to the class.</summary>
    /// <exception cref="InvalidOperationException">The class was compiled without the generator, or with errors.</exception>
    static virtual WorkflowDefinition<TIn, TOut> Definition => throw DefinitionOnly.NotGenerated();
}
