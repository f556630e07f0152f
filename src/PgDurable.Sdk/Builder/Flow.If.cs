using System.Diagnostics.CodeAnalysis;

namespace PgDurable;

// See Flow.cs for the order and the annotations.
#nullable disable annotations
#pragma warning disable RS0041 // Uses oblivious reference types.

public partial class Flow
{
    /// <summary>Runs one of two branches, each of which has a result.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="condition">A C# condition over results and the input. It becomes SQL and is evaluated when the step runs.</param>
    /// <param name="then">The branch to run if the condition is true.</param>
    /// <param name="otherwise">The branch to run if the condition is false.</param>
    /// <returns>The flow, to chain the next step or to return the branch's result.</returns>
    public Flow<T> If<T>(bool condition, [DisallowNull] Func<Flow, Flow<T>> then, [DisallowNull] Func<Flow, Flow<T>> otherwise) =>
        throw DefinitionOnly.Error();

    /// <summary>Runs one of two branches and keeps its result, so that later steps can refer to it.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="condition">A C# condition over results and the input. It becomes SQL and is evaluated when the step runs.</param>
    /// <param name="then">The branch to run if the condition is true.</param>
    /// <param name="otherwise">The branch to run if the condition is false.</param>
    /// <param name="result">The result of the branch that ran.</param>
    /// <returns>The flow, to chain the next step or to return the branch's result.</returns>
    public Flow<T> If<T>(
        bool condition, [DisallowNull] Func<Flow, Flow<T>> then, [DisallowNull] Func<Flow, Flow<T>> otherwise, out T result) =>
        throw DefinitionOnly.Error();

    /// <summary>Runs one of two branches, each of which has a result.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="condition">A query whose first value decides: false, 0, empty text, NULL and no row count as false.</param>
    /// <param name="then">The branch to run if the condition is true.</param>
    /// <param name="otherwise">The branch to run if the condition is false.</param>
    /// <returns>The flow, to chain the next step or to return the branch's result.</returns>
    public Flow<T> If<T>(SqlText condition, [DisallowNull] Func<Flow, Flow<T>> then, [DisallowNull] Func<Flow, Flow<T>> otherwise) =>
        throw DefinitionOnly.Error();

    /// <summary>Runs one of two branches and keeps its result, so that later steps can refer to it.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="condition">A query whose first value decides: false, 0, empty text, NULL and no row count as false.</param>
    /// <param name="then">The branch to run if the condition is true.</param>
    /// <param name="otherwise">The branch to run if the condition is false.</param>
    /// <param name="result">The result of the branch that ran.</param>
    /// <returns>The flow, to chain the next step or to return the branch's result.</returns>
    public Flow<T> If<T>(
        SqlText condition, [DisallowNull] Func<Flow, Flow<T>> then, [DisallowNull] Func<Flow, Flow<T>> otherwise, out T result) =>
        throw DefinitionOnly.Error();

    /// <summary>Runs one of two branches.</summary>
    /// <param name="condition">A C# condition over results and the input. It becomes SQL and is evaluated when the step runs.</param>
    /// <param name="then">The branch to run if the condition is true.</param>
    /// <param name="otherwise">The branch to run if the condition is false, or null to do nothing.</param>
    /// <returns>The flow, to chain the next step.</returns>
    public Flow If(bool condition, [DisallowNull] Func<Flow, Flow> then, Func<Flow, Flow> otherwise = null) => throw DefinitionOnly.Error();

    /// <summary>Runs one of two branches.</summary>
    /// <param name="condition">A query whose first value decides: false, 0, empty text, NULL and no row count as false.</param>
    /// <param name="then">The branch to run if the condition is true.</param>
    /// <param name="otherwise">The branch to run if the condition is false, or null to do nothing.</param>
    /// <returns>The flow, to chain the next step.</returns>
    public Flow If(SqlText condition, [DisallowNull] Func<Flow, Flow> then, Func<Flow, Flow> otherwise = null) =>
        throw DefinitionOnly.Error();
}
