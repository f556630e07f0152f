namespace PgDurable;

/// <summary>Sets the column or JSON key of a property, if it isn't the property's name in snake_case.</summary>
/// <param name="name">The name in the database, exactly as SQL returns it.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class ColumnAttribute(string name) : Attribute
{
    /// <summary>The name in the database.</summary>
    public string Name { get; } = name;
}
