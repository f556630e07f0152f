using System.Diagnostics.CodeAnalysis;

namespace PgDurable;

// See Flow.cs for the order and the annotations.
#nullable disable annotations
#pragma warning disable RS0041 // Uses oblivious reference types.

public partial class Flow
{
    /// <summary>Runs branches in parallel. As soon as one ends, its result becomes the step's result and the others are stopped.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="branches">The branches, at least two.</param>
    /// <returns>The flow, to chain the next step or to return the winner's result.</returns>
    public Flow<T> Race<T>([DisallowNull] params Func<Flow, Flow<T>>[] branches) => throw DefinitionOnly.Error();

    /// <summary>Runs branches in parallel. As soon as one ends, its result becomes the step's result and the others are stopped.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="result">The winner's result, which later steps can refer to.</param>
    /// <param name="branches">The branches, at least two.</param>
    /// <returns>The flow, to chain the next step or to return the winner's result.</returns>
    public Flow<T> Race<T>(out T result, [DisallowNull] params Func<Flow, Flow<T>>[] branches) => throw DefinitionOnly.Error();

    /// <summary>
    /// Runs branches in parallel. As soon as one ends, its outcome becomes the step's outcome and the others are stopped.
    /// </summary>
    /// <param name="branches">The branches, at least two.</param>
    /// <returns>The flow, to chain the next step.</returns>
    public Flow Race([DisallowNull] params Func<Flow, Flow>[] branches) => throw DefinitionOnly.Error();
}
