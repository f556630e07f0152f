namespace PgDurable.Generators.Sql;

/// <summary>Which PostgreSQL types can never be read as a C# type, whatever the value.</summary>
/// <remarks>
/// It follows how the worker writes values as JSON and how <c>ResultValue</c> reads them. If some values can be read, such as a bigint as
/// an int or text as a number, the pair is accepted.
/// </remarks>
internal static class TypeFit
{
    /// <summary>Whether a value of the type, as <c>format_type</c> writes it, can't be read by that method of <c>ResultValue</c>.</summary>
    public static bool Fails(string type, string reader)
    {
        // JSON may hold anything, and can be read from anything.
        if (type is "json" or "jsonb" || reader is "Json" or "")
            return false;
        if (type.EndsWith("[]", StringComparison.Ordinal))
            return reader != ExpectedColumn.ArrayReader;
        if (reader is ExpectedColumn.ArrayReader or ExpectedColumn.RecordReader)
            return true;

        return type switch
        {
            "boolean" => reader != "Boolean",
            "smallint" or "integer" or "bigint" or "real" or "double precision" => !IsNumber(reader),
            _ => FailsOnText(type, reader),
        };
    }

    // Everything else arrives as text.
    private static bool FailsOnText(string type, string reader) => type switch
    {
        _ when reader is "Boolean" => true,
        _ when reader is "String" => false,
        "numeric" => reader is "Bytes" or "TimeSpan",
        "uuid" => reader is not "Guid",
        "bytea" => reader is not "Bytes",
        "date" => IsNumber(reader) || reader is "Guid" or "Char" or "Bytes" or "TimeSpan" or "TimeOnly",
        "time without time zone" => IsNumber(reader) || reader is "Guid" or "Char" or "Bytes" or "DateOnly",
        "time with time zone" or "interval" => IsNumber(reader) || reader is "Guid" or "Char" or "Bytes",
        "timestamp without time zone" => IsNumber(reader) || reader is "Guid" or "Char" or "Bytes" or "TimeSpan",
        "timestamp with time zone" =>
            IsNumber(reader) || reader is "Guid" or "Char" or "Bytes" or "TimeSpan" or "DateOnly" or "TimeOnly",
        _ => false,
    };

    private static bool IsNumber(string reader) =>
        reader is "Byte" or "SByte" or "Int16" or "UInt16" or "Int32" or "UInt32" or "Int64" or "UInt64"
            or "Single" or "Double" or "Decimal";
}
