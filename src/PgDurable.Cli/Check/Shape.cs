namespace PgDurable.Cli.Check;

/// <summary>What is known about a result without running its step.</summary>
/// <param name="Columns">The names and SQL types of its columns, or null if it is JSON or unknown.</param>
/// <param name="Fields">For JSON, a sample SQL value of each field. Fields that adapt to the expected type are left out.</param>
internal sealed record Shape(IReadOnlyList<(string Name, string Type)>? Columns, IReadOnlyDictionary<string, string>? Fields = null)
{
    public static readonly Shape Unknown = new((IReadOnlyList<(string, string)>?)null);
}
