namespace PgDurable;

/// <summary>The rows that a step returned, for later steps to select from: <c>FROM {rows}</c>.</summary>
/// <typeparam name="T">The type of a row.</typeparam>
/// <remarks>Stands for the rows inside <c>Define</c>, which is never executed; it holds none.</remarks>
public sealed class Rows<T>
{
    private Rows()
    {
    }
}
