using PgDurable.Worker.Engine;

namespace PgDurable.Engine.Tests;

public class StepResultTests
{
    [Theory]
    [InlineData("""{"rows":[],"row_count":0}""", true)]
    [InlineData("""{"rows":[{"a":1}],"row_count":1,"rows_affected":0}""", true)]
    [InlineData("""{"rows":[1],"row_count":1}""", false)]
    [InlineData("""{"rows":[{"a":1}]}""", false)]
    [InlineData("""[1]""", false)]
    public void TryGetRows_WithoutColumns_TellsSqlFromPayloads(string json, bool expected) =>
        Assert.Equal(expected, new StepResult(json, null).TryGetRows(out _));

    [Fact]
    public void Equals_SameValue_IgnoresWhatIsCached()
    {
        var result = new StepResult("[1]", [new("a", null)]);
        _ = result.Root;
        Assert.Equal(new StepResult("[1]", [new("a", null)]), result);
        Assert.Equal("[2]", (result with { Json = "[2]" }).Root.GetRawText());
    }

    [Fact]
    public void ResultColumns_Serialized_RoundTrip()
    {
        ResultColumn[] columns = [new("a", "pg_catalog.int8"), new("b\"ö", null)];
        var json = ResultColumns.Serialize(columns);
        Assert.Equal("""[["a","pg_catalog.int8"],["b\"ö",null]]""", json);
        Assert.Equal(columns, ResultColumns.Deserialize(json));
        Assert.Null(ResultColumns.Deserialize(ResultColumns.Serialize(null)));
    }
}
