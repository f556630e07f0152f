namespace PgDurable.Generators.Spec;

/// <summary>How one value is read and written.</summary>
/// <param name="Kind">The way to read and write it.</param>
/// <param name="Type">The C# type without a trailing question mark.</param>
/// <param name="Nullable">How the type says that the value may be null.</param>
/// <param name="Reader">
/// The method of <c>ResultValue</c> that reads a scalar, or the number that stands for an enum; empty for other values.
/// </param>
/// <param name="Record">For a record, its index among the records of the workflow.</param>
/// <param name="Element">For an array or list, its elements.</param>
internal sealed record ValueSpec(
    ValueKind Kind, string Type, Nullability Nullable, string Reader = "", int Record = -1, ValueSpec? Element = null)
{
    /// <summary>The C# type as it is declared.</summary>
    public string DeclaredType => Nullable == Nullability.None ? Type : Type + "?";
}
