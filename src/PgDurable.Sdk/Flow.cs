namespace PgDurable;

/// <summary>The steps of a workflow, in order. Every method adds one step.</summary>
/// <remarks>
/// The generator reads calls to these methods while the project compiles; nothing here is ever executed. A step is one SQL statement.
/// It runs exactly once: its effects and the record that it ran commit together.
/// </remarks>
public class Flow
{
    private protected Flow()
    {
    }

    /// <summary>Runs a statement for its effects.</summary>
    /// <param name="sql">The statement; <c>{input.Property}</c> and <c>{row.Property}</c> become typed references.</param>
    /// <returns>The flow, to add the next step to.</returns>
    public Flow Execute(SqlText sql) => throw DefinitionOnly.Error();

    /// <summary>Runs a statement and takes its first row.</summary>
    /// <typeparam name="T">A record whose properties are columns, or the only column's type. Nullable when there may be no row.</typeparam>
    /// <param name="sql">The statement; <c>{input.Property}</c> and <c>{row.Property}</c> become typed references.</param>
    /// <returns>The flow, to add the next step to, or to return with the row as the workflow's result.</returns>
    public Flow<T> QuerySingle<T>(SqlText sql) => throw DefinitionOnly.Error();

    /// <summary>Runs a statement and takes its first row, for later steps to refer to.</summary>
    /// <typeparam name="T">A record whose properties are columns, or the type of the only column.</typeparam>
    /// <param name="sql">The statement; <c>{input.Property}</c> and <c>{row.Property}</c> become typed references.</param>
    /// <param name="row">The row; the variable's name in snake_case is the step's name.</param>
    /// <returns>The flow, to add the next step to, or to return with the row as the workflow's result.</returns>
    public Flow<T> QuerySingle<T>(SqlText sql, out T row) => throw DefinitionOnly.Error();

    /// <summary>Runs a statement and takes all of its rows.</summary>
    /// <typeparam name="T">A record whose properties are columns, or the type of the only column.</typeparam>
    /// <param name="sql">The statement; <c>{input.Property}</c> and <c>{row.Property}</c> become typed references.</param>
    /// <returns>The flow, to add the next step to, or to return with the rows as the workflow's result.</returns>
    public Flow<IReadOnlyList<T>> Query<T>(SqlText sql) => throw DefinitionOnly.Error();

    /// <summary>Runs a statement and takes all of its rows, for later steps to select from.</summary>
    /// <typeparam name="T">A record whose properties are columns, or the type of the only column.</typeparam>
    /// <param name="sql">The statement; <c>{input.Property}</c> and <c>{row.Property}</c> become typed references.</param>
    /// <param name="rows">The rows, to be used as <c>FROM {rows}</c>; the variable's name in snake_case is the step's name.</param>
    /// <returns>The flow, to add the next step to, or to return with the rows as the workflow's result.</returns>
    public Flow<IReadOnlyList<T>> Query<T>(SqlText sql, out Rows<T> rows) => throw DefinitionOnly.Error();
}
