namespace PgDurable;

/// <summary>A flow whose last step has a result.</summary>
/// <typeparam name="T">The type of the result.</typeparam>
public sealed class Flow<T> : Flow
{
    private Flow()
    {
    }
}
