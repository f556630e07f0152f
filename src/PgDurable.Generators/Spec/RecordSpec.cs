namespace PgDurable.Generators.Spec;

/// <summary>A type with properties.</summary>
/// <param name="Type">The C# type.</param>
/// <param name="IsReferenceType">Whether a value can be null.</param>
/// <param name="Arguments">What the constructor takes, in its order. Empty for a type that is only written.</param>
/// <param name="Settable">What is set after construction. Empty for a type that is only written.</param>
/// <param name="Readable">What is written. Empty for a type that is only read.</param>
internal sealed record RecordSpec(
    string Type,
    bool IsReferenceType,
    EquatableArray<MemberSpec> Arguments,
    EquatableArray<MemberSpec> Settable,
    EquatableArray<MemberSpec> Readable);
