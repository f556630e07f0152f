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
