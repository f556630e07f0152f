using System.Globalization;
using System.Text.Json;
using PgDurable.Generated;

namespace PgDurable.Sdk.Tests;

public sealed class ResultValueTests
{
    [Theory]
    [InlineData("\"123456.7890\"", "123456.7890")]
    [InlineData("1.5", "1.5")]
    [InlineData("\"-0.00000001\"", "-0.00000001")]
    public void Decimal_FromStringOrNumber_IsExact(string json, string expected) =>
        Assert.Equal(decimal.Parse(expected, CultureInfo.InvariantCulture), Read(json, static value => value.Decimal()));

    [Theory]
    [InlineData("42", 42)]
    [InlineData("\"42\"", 42)]
    [InlineData("42.0", 42)]
    [InlineData("4.2e1", 42)]
    public void Int32_InAnyForm_IsRead(string json, int expected) => Assert.Equal(expected, Read(json, static value => value.Int32()));

    [Theory]
    [InlineData("null", double.NaN)]
    [InlineData("\"NaN\"", double.NaN)]
    [InlineData("\"Infinity\"", double.PositiveInfinity)]
    [InlineData("1e-300", 1e-300)]
    public void Double_FromWhatJsonCanHold_IsRead(string json, double expected) =>
        Assert.Equal(expected, Read(json, static value => value.Double()));

    [Theory]
    [InlineData("1 day 02:03:04.5", "1.02:03:04.5000000")]
    [InlineData("-1 days +02:03:04", "-21:56:56")]
    [InlineData("30:00:00", "1.06:00:00")]
    [InlineData("-00:00:00.000001", "-00:00:00.0000010")]
    [InlineData("3 days", "3.00:00:00")]
    public void TimeSpan_FromAnInterval_IsRead(string text, string expected) =>
        Assert.Equal(TimeSpan.Parse(expected, CultureInfo.InvariantCulture), Read($"\"{text}\"", static value => value.TimeSpan()));

    [Fact]
    public void DateTime_WithOffset_IsUtc()
    {
        var value = Read("\"2024-06-15T12:30:00+02:00\"", static value => value.DateTime());

        Assert.Equal(new DateTime(2024, 6, 15, 10, 30, 0, DateTimeKind.Utc), value);
        Assert.Equal(DateTimeKind.Utc, value.Kind);
    }

    [Fact]
    public void Infinity_IsTheLargestValue()
    {
        Assert.Equal(DateTime.MaxValue, Read("\"infinity\"", static value => value.DateTime()));
        Assert.Equal(DateTimeOffset.MinValue, Read("\"-infinity\"", static value => value.DateTimeOffset()));
        Assert.Equal(DateOnly.MaxValue, Read("\"infinity\"", static value => value.DateOnly()));
    }

    [Theory]
    [InlineData("\"x\"", "a 32-bit integer", "\"x\"")]
    [InlineData("3000000000", "a 32-bit integer", "3000000000")]
    [InlineData("1.5", "a 32-bit integer", "1.5")]
    [InlineData("null", "a 32-bit integer", "NULL")]
    [InlineData("[1]", "a 32-bit integer", "[1]")]
    public void WrongValue_IsAClearError(string json, string expected, string found)
    {
        var error = Assert.Throws<WorkflowResultException>(() => Read(json, static value => value.Int32()));

        Assert.Equal($"Column 'c' in the result of workflow 'w' should hold {expected}, but holds {found}.", error.Message);
    }

    [Fact]
    public void Enum_OfAnUnknownName_ListsTheNames()
    {
        Assert.Equal(Colour.DarkBlue, Read("\"darkblue\"", static value => value.Enum<Colour>()));
        var error = Assert.Throws<WorkflowResultException>(() => Read("\"1\"", static value => value.Enum<Colour>()));

        Assert.Contains("one of Red, DarkBlue", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MissingColumn_NamesTheColumnsThatThereAre()
    {
        var error = Assert.Throws<WorkflowResultException>(() =>
            ResultValue.First(JsonElement.Parse("""{"rows":[{"a":1,"b":2}],"row_count":1}"""), "w", static row => row["c"].Int32()));

        Assert.Contains("'w' has no column 'c'. It has: a, b.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NestedError_NamesThePath()
    {
        var error = Assert.Throws<WorkflowResultException>(() =>
            Read("""[{"x":"no"}]""", static value => value.List(static item => item["x"].Int32())));

        Assert.Contains("Column 'c[0].x'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void First_WithoutRows_SaysSo()
    {
        var error = Assert.Throws<WorkflowResultException>(() =>
            ResultValue.First(JsonElement.Parse("""{"rows":[],"row_count":0}"""), "w", static row => row.FirstColumn().Int32()));

        Assert.Contains("returned no row", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PlainJson_OfAnObject_IsReadByItsMembers()
    {
        const string json = """{"id":"r1","lines":[{"sku":"a"},{"sku":null}],"rows":[]}""";

        var (id, skus, missing) = ResultValue.First(JsonElement.Parse(json), "w", static value => (
            value["id"].String(),
            value["lines"].List(static line => line["sku"].OrDefault(static sku => sku.String())),
            value["note"].OrDefault(static note => note.String())));

        Assert.Equal(("r1", null), (id, missing));
        Assert.Equal(["a", null], skus);
    }

    [Theory]
    [InlineData("[1,2]")]
    [InlineData("""{"rows":[{"a":1},{"a":2}],"row_count":2}""")]
    [InlineData("""[{"rows":[{"a":1}],"row_count":1},2]""")]
    public void All_OfRowsOrAnArray_HasAnItemForEach(string json) =>
        Assert.Equal([1, 2], ResultValue.All(JsonElement.Parse(json), "w", static row => row.FirstColumn().Int32()));

    [Theory]
    [InlineData("7", 7)]
    [InlineData("null", null)]
    [InlineData("""{"rows":[],"row_count":0}""", null)]
    [InlineData("""{"rows":[{"a":7}],"row_count":1}""", 7)]
    public void FirstOrDefault_OfAScalar_IsNullWithoutAValue(string json, int? expected) =>
        Assert.Equal(
            expected,
            ResultValue.FirstOrDefault(JsonElement.Parse(json), "w", static row => row.FirstColumn().OrNull<int>(static v => v.Int32())));

    [Theory]
    [InlineData(
        """{"card":{"number":"x"}}""", "Member 'card.number' of the input of activity 'a' should hold a 64-bit integer, but holds \"x\".")]
    [InlineData("""{"card":{}}""", "Member 'card.number' of the input of activity 'a' should hold a 64-bit integer, but holds nothing.")]
    [InlineData("""{"card":null}""", "Member 'card' of the input of activity 'a' should hold a JSON object, but holds null.")]
    [InlineData("[5]", "The input of activity 'a' should be a JSON object, but is [5].")]
    [InlineData("null", "The input of activity 'a' should be a JSON object, but is null.")]
    public void Of_JsonThatDoesNotFit_NamesTheActivityAndTheMember(string json, string expected)
    {
        var value = ResultValue.Of(JsonElement.Parse(json), "the input of activity 'a'");

        Assert.Equal(expected, Assert.Throws<WorkflowResultException>(() => value["card"]["number"].Int64()).Message);
    }

    [Theory]
    [InlineData("null", "The result of workflow 'w' should be rows or a JSON array, but is null.")]
    [InlineData("""[{"a":1}]""", "Member '[0]' of the result of workflow 'w' should hold a 32-bit integer, but holds {\"a\":1}.")]
    public void All_OfOtherJson_IsAClearError(string json, string expected) =>
        Assert.Equal(
            expected,
            Assert.Throws<WorkflowResultException>(
                () => ResultValue.All(JsonElement.Parse(json), "w", static row => row.FirstColumn().Int32())).Message);

    private static T Read<T>(string json, Func<ResultValue, T> read) =>
        ResultValue.First(JsonElement.Parse($$"""{"rows":[{"c":{{json}}}],"row_count":1}"""), "w", row => read(row["c"]));
}
