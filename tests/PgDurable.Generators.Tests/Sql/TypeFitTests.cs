using System.Reflection;
using System.Text.Json;
using PgDurable.Generated;
using PgDurable.Generators.Sql;

namespace PgDurable.Generators.Tests.Sql;

/// <summary>A pair that is said to fail does fail for values of the type, as the worker writes them.</summary>
public sealed class TypeFitTests
{
    private static readonly (string Type, string[] Values)[] Values =
    [
        ("boolean", ["true", "false"]),
        ("smallint", ["0", "-1", "7"]),
        ("bigint", ["0", "9007199254740993"]),
        ("double precision", ["1.5", "0", "1e300"]),
        ("numeric", ["\"0\"", "\"-1.50\"", "\"12345678901234567890123456789012\""]),
        ("text", ["\"\"", "\"x\"", "\"5\"", "\"2026-01-31\""]),
        ("uuid", ["\"00000000-0000-0000-0000-000000000000\"", "\"b6d7e8f0-1234-4abc-9def-0123456789ab\""]),
        ("bytea", ["\"\\\\x\"", "\"\\\\x00ff\""]),
        ("date", ["\"2026-01-31\"", "\"0001-01-01\""]),
        ("time without time zone", ["\"10:20:30\"", "\"00:00:00\"", "\"23:59:59.999999\""]),
        ("time with time zone", ["\"10:20:30+02\""]),
        ("timestamp without time zone", ["\"2026-01-31T10:20:30\"", "\"2026-01-31T00:00:00\""]),
        ("timestamp with time zone", ["\"2026-01-31T10:20:30.5+00:00\""]),
        ("interval", ["\"1 day\"", "\"00:00:01\"", "\"1 mon\""]),
        ("jsonb", ["1", "\"x\"", "[1]", "{\"a\":1}", "true"]),
        ("integer[]", ["[]", "[1,2]"]),
    ];

    private static readonly string[] Readers =
    [
        "Boolean", "Char", "String", "Byte", "SByte", "Int16", "UInt16", "Int32", "UInt32", "Int64", "UInt64", "Single", "Double",
        "Decimal", "DateTime", "Bytes", "Guid", "DateTimeOffset", "DateOnly", "TimeOnly", "TimeSpan", "Json",
        ExpectedColumn.EnumReader, ExpectedColumn.ArrayReader, ExpectedColumn.RecordReader,
    ];

    public static TheoryData<string, string> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach (var (type, _) in Values)
                foreach (var reader in Readers)
                    pairs.Add(type, reader);
            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Fails_OnlyWhenEveryValueFails(string type, string reader)
    {
        var read = Values.Single(value => value.Type == type).Values.Count(value => CanRead(value, reader));

        Assert.False(TypeFit.Fails(type, reader) && read > 0, $"{read} values of {type} can be read by {reader}.");
    }

    /// <summary>The usual C# type of a column is never said to fail, and plain mistakes are.</summary>
    [Theory]
    [InlineData("bigint", "Int64", false)]
    [InlineData("bigint", "Int32", false)]
    [InlineData("text", "Int64", false)]
    [InlineData("timestamp with time zone", "DateTimeOffset", false)]
    [InlineData("interval", "TimeSpan", false)]
    [InlineData("text", "Enum", false)]
    [InlineData("integer[]", "Array", false)]
    [InlineData("jsonb", "Record", false)]
    [InlineData("bigint", "String", true)]
    [InlineData("boolean", "Int32", true)]
    [InlineData("text", "Boolean", true)]
    [InlineData("uuid", "Int64", true)]
    [InlineData("timestamp with time zone", "DateOnly", true)]
    [InlineData("bytea", "Guid", true)]
    [InlineData("text", "Array", true)]
    [InlineData("text", "Record", true)]
    [InlineData("integer[]", "String", true)]
    public void Fails_OfUsualPairs_IsAsExpected(string type, string reader, bool expected) =>
        Assert.Equal(expected, TypeFit.Fails(type, reader));

    private static bool CanRead(string json, string reader)
    {
        using var result = JsonDocument.Parse($$"""{"rows":[{"c":{{json}}}],"row_count":1}""");
        try
        {
            return ResultValue.First(result.RootElement, "w", row => Read(row["c"], reader));
        }
        catch (Exception error) when (
            error is WorkflowResultException or TargetInvocationException { InnerException: WorkflowResultException })
        {
            return false;
        }
    }

    private static bool Read(ResultValue value, string reader)
    {
        switch (reader)
        {
            case ExpectedColumn.EnumReader:
                value.Enum<DayOfWeek>();
                break;
            case ExpectedColumn.ArrayReader:
                value.Array(element => element.Json());
                break;
            case ExpectedColumn.RecordReader:
                _ = value["a"];
                break;
            default:
                typeof(ResultValue).GetMethod(reader)!.Invoke(value, null);
                break;
        }

        return true;
    }
}
