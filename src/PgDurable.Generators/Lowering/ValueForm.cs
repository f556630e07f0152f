namespace PgDurable.Generators.Lowering;

/// <summary>What a reference to a value is rendered as in SQL.</summary>
internal enum ValueForm
{
    /// <summary>A literal of the column's own type.</summary>
    Column,

    /// <summary>A member of JSON: a literal without a type.</summary>
    Json,

    /// <summary>A text that is JSON.</summary>
    JsonText,
}
