namespace PgDurable.Generators.Spec;

/// <summary>The ways to read and write a value.</summary>
internal enum ValueKind
{
    Scalar,
    Enum,
    Record,
    Array,
    List,
    Json,
}
