namespace PgDurable.Generators.Spec;

/// <summary>A property of a record.</summary>
/// <param name="Name">The property's name, escaped for C#.</param>
/// <param name="Column">The name in the database.</param>
/// <param name="Value">How it is read and written.</param>
internal sealed record MemberSpec(string Name, string Column, ValueSpec Value);
