namespace PgDurable;

/// <summary>The rows that a step returned. Later steps can select from them: <c>FROM {rows}</c>.</summary>
/// <typeparam name="T">The type of a row.</typeparam>
/// <remarks>
/// In SQL, the rows are a table whose name is the variable's name in snake_case. It needs no alias: <c>UPDATE stock SET … FROM {lowStock}
/// WHERE stock.id = low_stock.id</c>. This type is a placeholder: <c>Define</c> is never executed.
/// </remarks>
public sealed class Rows<T>
{
    private Rows()
    {
    }

    /// <summary>Whether there is at least one row.</summary>
    public bool Any => throw DefinitionOnly.Error();

    /// <summary>The number of rows.</summary>
    public long Count => throw DefinitionOnly.Error();
}

/// <summary>Rows that no statement returns.</summary>
public static class Rows
{
    /// <summary>
    /// Consecutive numbers, like <see cref="Enumerable.Range(int, int)"/>: <c>.ForEach(Rows.Range(1, input.Copies), (f, n) =&gt; …)</c>.
    /// </summary>
    /// <param name="start">The first number.</param>
    /// <param name="count">How many numbers. If it is zero or less, there are none.</param>
    /// <returns>The numbers, for use in <c>ForEach</c>.</returns>
    /// <remarks>A number greater than 2,147,483,647 fails the step with SQLSTATE 22003.</remarks>
    public static Rows<int> Range(int start, int count) => throw DefinitionOnly.Error();
}
