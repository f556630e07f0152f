namespace PgDurable.Worker.Engine;

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
    public void ResultColumns_OfMoreThanNameAndType_RoundTrip()
    {
        ResultColumn[] columns = [new("a", "pg_catalog.int8"), new("a", null, "a_2"),
            new("j", "pg_catalog.json", "j", new ExactTexts(new Dictionary<int, string> { [0] = "null", [7] = " 1" }))];
        var json = ResultColumns.Serialize(columns);
        Assert.Equal("""[["a","pg_catalog.int8"],["a",null,"a_2"],["j","pg_catalog.json","j",{"0":"null","7":" 1"}]]""", json);
        Assert.Equal(columns, ResultColumns.Deserialize(json));
    }

    [Theory]
    [InlineData("a,b", "a,b")]
    [InlineData("a,a", "a,a_2")]
    [InlineData("a,a,a_2,a", "a,a_3,a_2,a_4")]
    [InlineData("a_2,a,a,b,b", "a_2,a,a_3,b,b_2")]
    public void MembersOf_ColumnsOfTheSameName_AreDistinct(string names, string members) =>
        Assert.Equal(members.Split(','), ResultColumn.MembersOf(names.Split(',')));

    [Fact]
    public void OfRow_KeepsWhatIsTheRows()
    {
        ResultColumn[] columns = [new("a", null), new("j", null, "j", new ExactTexts(new Dictionary<int, string> { [1] = "null" }))];
        Assert.Equal("null", ResultColumn.OfRow(columns, 1)![1].Exact!.Of(0));
        Assert.Null(ResultColumn.OfRow(columns, 0)![1].Exact);
        Assert.Null(ResultColumn.OfRow(null, 0));
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
