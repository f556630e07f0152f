namespace PgDurable.Generators.Parsing;

/// <summary>A value that is known while the project compiles.</summary>
/// <param name="Value">A string, character, boolean or number; null for null.</param>
/// <param name="EnumMember">The member's name when the value is one of an enum.</param>
internal readonly record struct Constant(object? Value, string? EnumMember);
