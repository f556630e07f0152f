namespace PgDurable;

/// <summary>The rows that a step returned, for later steps to select from: <c>FROM {rows}</c>.</summary>
/// <typeparam name="T">The type of a row.</typeparam>
/// <remarks>
/// In SQL the rows are a table that has the variable's name in snake_case and needs no other alias:
/// <c>UPDATE stock SET … FROM {lowStock} WHERE stock.id = low_stock.id</c>. Inside <c>Define</c>, which is never executed, this only stands
/// for them.
/// </remarks>
public sealed class Rows<T>
{
    private Rows()
    {
    }

    /// <summary>Whether there is a row.</summary>
    public bool Any => throw DefinitionOnly.Error();

    /// <summary>How many rows there are.</summary>
    public long Count => throw DefinitionOnly.Error();
}
