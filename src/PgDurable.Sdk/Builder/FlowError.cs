namespace PgDurable;

/// <summary>Why the body of a <c>Try</c> failed. Inside <c>Define</c>, which is never executed, this only stands for it.</summary>
public sealed class FlowError
{
    private FlowError()
    {
    }

    /// <summary>The message.</summary>
    public string Message => throw DefinitionOnly.Error();

    /// <summary>The SQLSTATE.</summary>
    public string SqlState => throw DefinitionOnly.Error();

    /// <summary>The details, if there are any.</summary>
    public string? Detail => throw DefinitionOnly.Error();

    /// <summary>The hint, if there is one.</summary>
    public string? Hint => throw DefinitionOnly.Error();

    /// <summary>The name of the step that failed, if it has one.</summary>
    public string? Step => throw DefinitionOnly.Error();

    /// <summary>How often the step was tried.</summary>
    public int Attempts => throw DefinitionOnly.Error();
}
