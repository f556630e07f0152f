using System.Diagnostics.CodeAnalysis;

namespace PgDurable;

// See Flow.cs for the order and the annotations.
#nullable disable annotations
#pragma warning disable RS0041 // Uses oblivious reference types.

public partial class Flow
{
    /// <summary>Runs the body once for each row. The result has one element per row, in the order of the rows.</summary>
    /// <typeparam name="T">The type of a row.</typeparam>
    /// <typeparam name="TResult">The type of the body's result.</typeparam>
    /// <param name="rows">The rows of an earlier step, or <see cref="Rows.Range(int, int)"/>.</param>
    /// <param name="body">The steps to run for a row.</param>
    /// <param name="maxParallel">How many rows are processed in parallel: 1 to 1000. Null means 10.</param>
    /// <returns>The flow, to chain the next step or to return the results.</returns>
    public Flow<IReadOnlyList<TResult>> ForEach<T, TResult>(
        [DisallowNull] Rows<T> rows, [DisallowNull] Func<Flow, T, Flow<TResult>> body, int? maxParallel = null) =>
        throw DefinitionOnly.Error();

    /// <summary>
    /// Runs the body once for each row and keeps the results, in the order of the rows, so that later steps can select from them.
    /// </summary>
    /// <typeparam name="T">The type of a row.</typeparam>
    /// <typeparam name="TResult">The type of the body's result.</typeparam>
    /// <param name="rows">The rows of an earlier step, or <see cref="Rows.Range(int, int)"/>.</param>
    /// <param name="body">The steps to run for a row.</param>
    /// <param name="results">The results, for use as <c>FROM {results}</c>.</param>
    /// <param name="maxParallel">How many rows are processed in parallel: 1 to 1000. Null means 10.</param>
    /// <returns>The flow, to chain the next step or to return the results.</returns>
    public Flow<IReadOnlyList<TResult>> ForEach<T, TResult>(
        [DisallowNull] Rows<T> rows, [DisallowNull] Func<Flow, T, Flow<TResult>> body, out Rows<TResult> results,
        int? maxParallel = null) =>
        throw DefinitionOnly.Error();

    /// <summary>Runs the body once for each row. The result has one element per row, in the order of the rows.</summary>
    /// <typeparam name="T">The type of a row.</typeparam>
    /// <typeparam name="TResult">The type of the body's result.</typeparam>
    /// <param name="rows">The items: a list of the input or of a result.</param>
    /// <param name="body">The steps to run for a row.</param>
    /// <param name="maxParallel">How many rows are processed in parallel: 1 to 1000. Null means 10.</param>
    /// <returns>The flow, to chain the next step or to return the results.</returns>
    public Flow<IReadOnlyList<TResult>> ForEach<T, TResult>(
        [DisallowNull] IReadOnlyList<T> rows, [DisallowNull] Func<Flow, T, Flow<TResult>> body, int? maxParallel = null) =>
        throw DefinitionOnly.Error();

    /// <summary>
    /// Runs the body once for each row and keeps the results, in the order of the rows, so that later steps can select from them.
    /// </summary>
    /// <typeparam name="T">The type of a row.</typeparam>
    /// <typeparam name="TResult">The type of the body's result.</typeparam>
    /// <param name="rows">The items: a list of the input or of a result.</param>
    /// <param name="body">The steps to run for a row.</param>
    /// <param name="results">The results, for use as <c>FROM {results}</c>.</param>
    /// <param name="maxParallel">How many rows are processed in parallel: 1 to 1000. Null means 10.</param>
    /// <returns>The flow, to chain the next step or to return the results.</returns>
    public Flow<IReadOnlyList<TResult>> ForEach<T, TResult>(
        [DisallowNull] IReadOnlyList<T> rows, [DisallowNull] Func<Flow, T, Flow<TResult>> body, out Rows<TResult> results,
        int? maxParallel = null) =>
        throw DefinitionOnly.Error();

    /// <summary>Runs the body once for each row.</summary>
    /// <typeparam name="T">The type of a row.</typeparam>
    /// <param name="rows">The rows of an earlier step, or <see cref="Rows.Range(int, int)"/>.</param>
    /// <param name="body">The steps to run for a row.</param>
    /// <param name="maxParallel">How many rows are processed in parallel: 1 to 1000. Null means 10.</param>
    /// <returns>The flow, to chain the next step.</returns>
    public Flow ForEach<T>([DisallowNull] Rows<T> rows, [DisallowNull] Func<Flow, T, Flow> body, int? maxParallel = null) =>
        throw DefinitionOnly.Error();

    /// <summary>Runs the body once for each row.</summary>
    /// <typeparam name="T">The type of a row.</typeparam>
    /// <param name="rows">The items: a list of the input or of a result.</param>
    /// <param name="body">The steps to run for a row.</param>
    /// <param name="maxParallel">How many rows are processed in parallel: 1 to 1000. Null means 10.</param>
    /// <returns>The flow, to chain the next step.</returns>
    public Flow ForEach<T>([DisallowNull] IReadOnlyList<T> rows, [DisallowNull] Func<Flow, T, Flow> body, int? maxParallel = null) =>
        throw DefinitionOnly.Error();
}
