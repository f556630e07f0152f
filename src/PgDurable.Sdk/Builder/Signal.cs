namespace PgDurable;

/// <summary>The outcome of a wait for a signal. It is a placeholder: <c>Define</c> is never executed.</summary>
/// <typeparam name="T">The type of the payload.</typeparam>
public sealed class Signal<T>
{
    private Signal()
    {
    }

    /// <summary>Whether the wait timed out before the signal arrived.</summary>
    public bool TimedOut => throw DefinitionOnly.Error();

    /// <summary>The payload. If the wait timed out, the payload and each of its properties are NULL in SQL.</summary>
    public T Data => throw DefinitionOnly.Error();
}
