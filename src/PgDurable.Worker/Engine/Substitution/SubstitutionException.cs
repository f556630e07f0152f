namespace PgDurable.Worker.Engine.Substitution;

/// <summary>A reference can't be replaced. The step fails before any of it runs.</summary>
internal sealed class SubstitutionException(string message, string hint) : Exception(message)
{
    /// <summary>What to do about it.</summary>
    public string Hint { get; } = hint;
}
