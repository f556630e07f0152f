namespace PgDurable;

/// <summary>The error that made the body of a <c>Try</c> fail. It is a placeholder: <c>Define</c> is never executed.</summary>
public sealed class FlowError
{
    private FlowError()
    {
    }

    /// <summary>The message.</summary>
    public string Message => throw DefinitionOnly.Error();

    /// <summary>The SQLSTATE.</summary>
    public string SqlState => throw DefinitionOnly.Error();

    /// <summary>The detail, or null if there is none.</summary>
    public string? Detail => throw DefinitionOnly.Error();

    /// <summary>The hint, or null if there is none.</summary>
    public string? Hint => throw DefinitionOnly.Error();

    /// <summary>The name of the failed step, or null if it has none.</summary>
    public string? Step => throw DefinitionOnly.Error();

    /// <summary>The number of attempts that were made.</summary>
    public int Attempts => throw DefinitionOnly.Error();
}
