namespace PgDurable.Generators.Statements;

/// <summary>Which C# types can never be passed where a statement takes a PostgreSQL type, whatever the value.</summary>
/// <remarks>
/// The worker writes numbers and booleans as they are, and everything else as text whose type PostgreSQL decides. Pairs for which there is
/// an operator, such as <c>date - integer</c>, are accepted.
/// </remarks>
internal static class ParameterFit
{
    /// <summary>Whether a value, whose type this method of <c>ResultValue</c> reads, can't be passed.</summary>
    public static bool Fails(string type, string reader) => type switch
    {
        "smallint" or "integer" or "bigint" or "real" or "double precision" or "numeric" =>
            reader is "Boolean" or "Guid" or "Bytes" || IsTime(reader),
        "boolean" => IsNumber(reader) || reader is "Guid" or "Bytes" || IsTime(reader),
        "uuid" => IsNumber(reader) || reader is "Boolean" or "Bytes" || IsTime(reader),
        "date" or "timestamp without time zone" or "timestamp with time zone" => reader is "Boolean" or "Guid" or "Bytes",
        _ => false,
    };

    private static bool IsTime(string reader) => reader is "DateTime" or "DateTimeOffset" or "DateOnly" or "TimeOnly" or "TimeSpan";

    private static bool IsNumber(string reader) =>
        reader is "Byte" or "SByte" or "Int16" or "UInt16" or "Int32" or "UInt32" or "Int64" or "UInt64"
            or "Single" or "Double" or "Decimal";
}
