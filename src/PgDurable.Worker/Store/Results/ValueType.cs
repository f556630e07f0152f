namespace PgDurable.Worker.Store.Results;

/// <summary>What the encoder has to know about a column's type.</summary>
/// <param name="Shape">Of the value, or of an array's elements.</param>
/// <param name="TypeName">What a literal can be cast to; null when that is not possible.</param>
/// <param name="Delimiter">Between the elements of an array; NUL when the type is no array.</param>
internal readonly record struct ValueType(ValueShape Shape, string? TypeName, char Delimiter = '\0')
{
    public bool IsArray => Delimiter != '\0';

    /// <summary>The type of an array's elements; null when the type is no array, or one without a name.</summary>
    public string? ElementName => IsArray && TypeName is { } name ? name[..^2] : null;

    /// <summary>A type that nothing is known about.</summary>
    public static ValueType Unknown => new(ValueShape.Text, null);

    public ValueType ToArray(char delimiter = ',') => new(Shape, TypeName == null ? null : TypeName + "[]", delimiter);
}
