namespace PgDurable;

public partial class Flow
{
    /// <summary>Runs a statement and ignores what it returns.</summary>
    /// <param name="sql">The statement. <c>{input.Property}</c> and <c>{row.Property}</c> become typed references.</param>
    /// <param name="retry">The retry policy, or null for no retries beyond the worker's own.</param>
    /// <param name="timeout">The time limit for each attempt, or null for none.</param>
    /// <returns>The flow, to chain the next step.</returns>
    public Flow Execute(SqlText sql, Retry? retry = null, TimeSpan? timeout = null) => throw DefinitionOnly.Error();

    /// <summary>Runs a statement and returns its first row.</summary>
    /// <typeparam name="T">
    /// A record whose properties are the columns, or the type of the only column. Make it nullable if there may be no row.
    /// </typeparam>
    /// <param name="sql">The statement. <c>{input.Property}</c> and <c>{row.Property}</c> become typed references.</param>
    /// <param name="retry">The retry policy, or null for no retries beyond the worker's own.</param>
    /// <param name="timeout">The time limit for each attempt, or null for none.</param>
    /// <returns>The flow, to chain the next step or to return the row as the workflow's result.</returns>
    public Flow<T> QuerySingle<T>(SqlText sql, Retry? retry = null, TimeSpan? timeout = null) => throw DefinitionOnly.Error();

    /// <summary>Runs a statement and keeps its first row, so that later steps can refer to it.</summary>
    /// <typeparam name="T">
    /// A record whose properties are the columns, or the type of the only column. Make it nullable if there may be no row.
    /// </typeparam>
    /// <param name="sql">The statement. <c>{input.Property}</c> and <c>{row.Property}</c> become typed references.</param>
    /// <param name="row">The row. The step's name is the variable's name in snake_case.</param>
    /// <param name="retry">The retry policy, or null for no retries beyond the worker's own.</param>
    /// <param name="timeout">The time limit for each attempt, or null for none.</param>
    /// <returns>The flow, to chain the next step or to return the row as the workflow's result.</returns>
    public Flow<T> QuerySingle<T>(SqlText sql, out T row, Retry? retry = null, TimeSpan? timeout = null) => throw DefinitionOnly.Error();

    /// <summary>Runs a statement and returns all of its rows.</summary>
    /// <typeparam name="T">A record whose properties are the columns, or the type of the only column.</typeparam>
    /// <param name="sql">The statement. <c>{input.Property}</c> and <c>{row.Property}</c> become typed references.</param>
    /// <param name="retry">The retry policy, or null for no retries beyond the worker's own.</param>
    /// <param name="timeout">The time limit for each attempt, or null for none.</param>
    /// <returns>The flow, to chain the next step or to return the rows as the workflow's result.</returns>
    public Flow<IReadOnlyList<T>> Query<T>(SqlText sql, Retry? retry = null, TimeSpan? timeout = null) => throw DefinitionOnly.Error();

    /// <summary>Runs a statement and keeps all of its rows, so that later steps can select from them.</summary>
    /// <typeparam name="T">A record whose properties are the columns, or the type of the only column.</typeparam>
    /// <param name="sql">The statement. <c>{input.Property}</c> and <c>{row.Property}</c> become typed references.</param>
    /// <param name="rows">The rows, for use as <c>FROM {rows}</c>. The step's name is the variable's name in snake_case.</param>
    /// <param name="retry">The retry policy, or null for no retries beyond the worker's own.</param>
    /// <param name="timeout">The time limit for each attempt, or null for none.</param>
    /// <returns>The flow, to chain the next step or to return the rows as the workflow's result.</returns>
    public Flow<IReadOnlyList<T>> Query<T>(SqlText sql, out Rows<T> rows, Retry? retry = null, TimeSpan? timeout = null) =>
        throw DefinitionOnly.Error();

    /// <summary>Runs a statement and keeps its first row, or null if it returns none.</summary>
    /// <typeparam name="T">A record whose properties are the columns.</typeparam>
    /// <param name="sql">The statement. <c>{input.Property}</c> and <c>{row.Property}</c> become typed references.</param>
    /// <param name="row">The row or null, for use as <c>{row?.Property}</c>. The step's name is the variable's name in snake_case.</param>
    /// <param name="retry">The retry policy, or null for no retries beyond the worker's own.</param>
    /// <param name="timeout">The time limit for each attempt, or null for none.</param>
    /// <returns>The flow, to chain the next step or to return the row as the workflow's result.</returns>
    public Flow<T?> QuerySingleOrNull<T>(SqlText sql, out T? row, Retry? retry = null, TimeSpan? timeout = null)
        where T : class => throw DefinitionOnly.Error();

    /// <summary>Runs a statement and keeps its first row, or null if it returns none.</summary>
    /// <typeparam name="T">The type of the only column.</typeparam>
    /// <param name="sql">The statement. <c>{input.Property}</c> and <c>{row.Property}</c> become typed references.</param>
    /// <param name="row">The row or null, for use as <c>{row?.Property}</c>. The step's name is the variable's name in snake_case.</param>
    /// <param name="retry">The retry policy, or null for no retries beyond the worker's own.</param>
    /// <param name="timeout">The time limit for each attempt, or null for none.</param>
    /// <returns>The flow, to chain the next step or to return the row as the workflow's result.</returns>
    public Flow<T?> QuerySingleOrNull<T>(SqlText sql, out T? row, Retry? retry = null, TimeSpan? timeout = null)
        where T : struct => throw DefinitionOnly.Error();
}
