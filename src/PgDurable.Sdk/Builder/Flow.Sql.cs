namespace PgDurable;

public partial class Flow
{
    /// <summary>Runs a statement for its effects.</summary>
    /// <param name="sql">The statement; <c>{input.Property}</c> and <c>{row.Property}</c> become typed references.</param>
    /// <param name="retry">How a failure is retried; null leaves it to the defaults.</param>
    /// <param name="timeout">How long the step may take, its retries not counted; null is no limit.</param>
    /// <returns>The flow, to add the next step to.</returns>
    public Flow Execute(SqlText sql, Retry? retry = null, TimeSpan? timeout = null) => throw DefinitionOnly.Error();

    /// <summary>Runs a statement and takes its first row.</summary>
    /// <typeparam name="T">A record whose properties are columns, or the only column's type. Nullable when there may be no row.</typeparam>
    /// <param name="sql">The statement; <c>{input.Property}</c> and <c>{row.Property}</c> become typed references.</param>
    /// <param name="retry">How a failure is retried; null leaves it to the defaults.</param>
    /// <param name="timeout">How long the step may take, its retries not counted; null is no limit.</param>
    /// <returns>The flow, to add the next step to, or to return with the row as the workflow's result.</returns>
    public Flow<T> QuerySingle<T>(SqlText sql, Retry? retry = null, TimeSpan? timeout = null) => throw DefinitionOnly.Error();

    /// <summary>Runs a statement and takes its first row, for later steps to refer to.</summary>
    /// <typeparam name="T">A record whose properties are columns, or the only column's type. Nullable when there may be no row.</typeparam>
    /// <param name="sql">The statement; <c>{input.Property}</c> and <c>{row.Property}</c> become typed references.</param>
    /// <param name="row">The row; the variable's name in snake_case is the step's name.</param>
    /// <param name="retry">How a failure is retried; null leaves it to the defaults.</param>
    /// <param name="timeout">How long the step may take, its retries not counted; null is no limit.</param>
    /// <returns>The flow, to add the next step to, or to return with the row as the workflow's result.</returns>
    public Flow<T> QuerySingle<T>(SqlText sql, out T row, Retry? retry = null, TimeSpan? timeout = null) => throw DefinitionOnly.Error();

    /// <summary>Runs a statement and takes all of its rows.</summary>
    /// <typeparam name="T">A record whose properties are columns, or the type of the only column.</typeparam>
    /// <param name="sql">The statement; <c>{input.Property}</c> and <c>{row.Property}</c> become typed references.</param>
    /// <param name="retry">How a failure is retried; null leaves it to the defaults.</param>
    /// <param name="timeout">How long the step may take, its retries not counted; null is no limit.</param>
    /// <returns>The flow, to add the next step to, or to return with the rows as the workflow's result.</returns>
    public Flow<IReadOnlyList<T>> Query<T>(SqlText sql, Retry? retry = null, TimeSpan? timeout = null) => throw DefinitionOnly.Error();

    /// <summary>Runs a statement and takes all of its rows, for later steps to select from.</summary>
    /// <typeparam name="T">A record whose properties are columns, or the type of the only column.</typeparam>
    /// <param name="sql">The statement; <c>{input.Property}</c> and <c>{row.Property}</c> become typed references.</param>
    /// <param name="rows">The rows, to be used as <c>FROM {rows}</c>; the variable's name in snake_case is the step's name.</param>
    /// <param name="retry">How a failure is retried; null leaves it to the defaults.</param>
    /// <param name="timeout">How long the step may take, its retries not counted; null is no limit.</param>
    /// <returns>The flow, to add the next step to, or to return with the rows as the workflow's result.</returns>
    public Flow<IReadOnlyList<T>> Query<T>(SqlText sql, out Rows<T> rows, Retry? retry = null, TimeSpan? timeout = null) => throw DefinitionOnly.Error();

    /// <summary>Runs a statement and takes its first row, or null when there is none.</summary>
    /// <typeparam name="T">A record whose properties are columns.</typeparam>
    /// <param name="sql">The statement; <c>{input.Property}</c> and <c>{row.Property}</c> become typed references.</param>
    /// <param name="row">The row or null: <c>{row?.Property}</c>; the variable's name in snake_case is the step's name.</param>
    /// <param name="retry">How a failure is retried; null leaves it to the defaults.</param>
    /// <param name="timeout">How long the step may take, its retries not counted; null is no limit.</param>
    /// <returns>The flow, to add the next step to, or to return with the row as the workflow's result.</returns>
    public Flow<T?> QuerySingleOrNull<T>(SqlText sql, out T? row, Retry? retry = null, TimeSpan? timeout = null)
        where T : class => throw DefinitionOnly.Error();

    /// <summary>Runs a statement and takes its first row, or null when there is none.</summary>
    /// <typeparam name="T">The type of the only column.</typeparam>
    /// <param name="sql">The statement; <c>{input.Property}</c> and <c>{row.Property}</c> become typed references.</param>
    /// <param name="row">The row or null: <c>{row?.Property}</c>; the variable's name in snake_case is the step's name.</param>
    /// <param name="retry">How a failure is retried; null leaves it to the defaults.</param>
    /// <param name="timeout">How long the step may take, its retries not counted; null is no limit.</param>
    /// <returns>The flow, to add the next step to, or to return with the row as the workflow's result.</returns>
    public Flow<T?> QuerySingleOrNull<T>(SqlText sql, out T? row, Retry? retry = null, TimeSpan? timeout = null)
        where T : struct => throw DefinitionOnly.Error();
}
