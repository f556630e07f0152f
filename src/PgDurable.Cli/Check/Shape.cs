namespace PgDurable.Cli.Check;

/// <summary>What is known of a result without running its step.</summary>
/// <param name="Columns">Names and SQL types of its columns; null when it is JSON, or not known.</param>
/// <param name="Fields">For JSON: by field, how a value of it looks in SQL; those that take the type that is expected are not there.</param>
internal sealed record Shape(IReadOnlyList<(string Name, string Type)>? Columns, IReadOnlyDictionary<string, string>? Fields = null)
{
    public static readonly Shape Unknown = new((IReadOnlyList<(string, string)>?)null);
}
