namespace PgDurable.Generators.Spec;

/// <summary>How a type says that a value may be null.</summary>
internal enum Nullability
{
    None,
    ValueType,
    ReferenceType,
}
