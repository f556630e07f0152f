namespace PgDurable.Generators.Lowering;

/// <summary>A value that is known at compile time.</summary>
/// <param name="Value">A string, character, Boolean or number; null for null.</param>
/// <param name="EnumMember">The member's name if the value is an enum.</param>
internal readonly record struct Constant(object? Value, string? EnumMember);
