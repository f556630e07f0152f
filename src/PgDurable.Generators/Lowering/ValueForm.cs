namespace PgDurable.Generators.Lowering;

/// <summary>The form that a reference to a value takes in SQL.</summary>
internal enum ValueForm
{
    /// <summary>A literal of the column's own type.</summary>
    Column,

    /// <summary>A member of JSON: a literal without a type.</summary>
    Json,

    /// <summary>A column or a member of JSON; it depends on which branch ran.</summary>
    Either,

    /// <summary>A text that is JSON.</summary>
    JsonText,
}
