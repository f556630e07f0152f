namespace PgDurable.Generators.Spec;

/// <summary>The ways in which a value is read and written.</summary>
internal enum ValueKind
{
    Scalar,
    Enum,
    Record,
    Array,
    List,
    Json,
}
