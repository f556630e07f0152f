namespace PgDurable;

/// <summary>What a wait for a signal ended with. Inside <c>Define</c>, which is never executed, this only stands for it.</summary>
/// <typeparam name="T">The type of the payload.</typeparam>
public sealed class Signal<T>
{
    private Signal()
    {
    }

    /// <summary>Whether the wait ended without the signal.</summary>
    public bool TimedOut => throw DefinitionOnly.Error();

    /// <summary>The payload. In SQL it is NULL, and so is each of its properties, when the wait ended without the signal.</summary>
    public T Data => throw DefinitionOnly.Error();
}
