namespace PgDurable.Cli.Check;

/// <summary>A column of a statement's result, as the server describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its SQL type, with its schema unless that is pg_catalog.</param>
/// <param name="Nullable">Whether it may be NULL, or null if that isn't known.</param>
internal sealed record ColumnDescription(string Name, string Type, bool? Nullable = null);
