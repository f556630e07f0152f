namespace PgDurable.Generators.Sql;

/// <summary>A column of a statement's result, as far as the statement's text shows it.</summary>
/// <param name="Name">The name that PostgreSQL gives it; null if the text doesn't show it.</param>
/// <param name="Type">The type as <c>format_type</c> writes it, without modifiers; null if the text doesn't show it.</param>
internal sealed record SelectColumn(string? Name, string? Type);
