namespace PgDurable.Cli.Check;

/// <summary>What is known of a result without running its step.</summary>
/// <param name="Columns">Names and SQL types of its columns; null when it is JSON, or not known.</param>
internal sealed record Shape(IReadOnlyList<(string Name, string Type)>? Columns)
{
    public static readonly Shape Unknown = new((IReadOnlyList<(string, string)>?)null);
}
