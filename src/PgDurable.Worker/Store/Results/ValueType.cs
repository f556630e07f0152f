namespace PgDurable.Worker.Store.Results;

/// <summary>What the encoder needs to know about a column's type.</summary>
/// <param name="Shape">The shape of the value, or of an array's elements.</param>
/// <param name="TypeName">The name to cast a literal to; <c>null</c> if that isn't possible.</param>
/// <param name="Delimiter">The delimiter between an array's elements; NUL if the type isn't an array.</param>
internal readonly record struct ValueType(ValueShape Shape, string? TypeName, char Delimiter = '\0')
{
    public bool IsArray => Delimiter != '\0';

    /// <summary>The type of an array's elements; <c>null</c> if the type isn't an array, or has no name.</summary>
    public string? ElementName => IsArray && TypeName is { } name ? name[..^2] : null;

    /// <summary>A type that nothing is known about.</summary>
    public static ValueType Unknown => new(ValueShape.Text, null);

    public ValueType ToArray(char delimiter = ',') => new(Shape, TypeName == null ? null : TypeName + "[]", delimiter);
}
