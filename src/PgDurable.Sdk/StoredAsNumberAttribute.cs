namespace PgDurable;

/// <summary>Makes the values of an enum numbers in the database. Without it, they are text: the names of the members.</summary>
[AttributeUsage(AttributeTargets.Enum)]
public sealed class StoredAsNumberAttribute : Attribute;
