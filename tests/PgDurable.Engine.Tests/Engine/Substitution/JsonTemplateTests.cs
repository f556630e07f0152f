namespace PgDurable.Worker.Engine.Substitution;

public class JsonTemplateTests
{
    private static readonly Dictionary<string, StepResult> Names = new()
    {
        ["r"] = new(
            """{"rows":[{"id":7,"name":"say \"hi\"","doc":{"a":[1]},"big":12345678901234567890.10,"nothing":null}],"row_count":1}""", null),
        ["none"] = new("""{"rows":[],"row_count":0}""", [new("id", "pg_catalog.int4")]),
        ["flag"] = new("true", null),
    };

    private static string Fill(string template) => JsonTemplate.Fill(template, Names, Facts.Of(("who", "An\"n"), ("id", "$r.id")));

    [Theory]
    [InlineData("\"$r.id\"", "7")]
    [InlineData("\"$r.name\"", "\"say \\\"hi\\\"\"")]
    [InlineData("\"$r.doc\"", """{"a":[1]}""")]
    [InlineData("\"$r.big\"", "12345678901234567890.10")]
    [InlineData("\"$flag\"", "true")]
    [InlineData("\"$r.nothing?\"", "null")]
    [InlineData("\"$none?\"", "null")]
    [InlineData("\"$none.*\"", "[]")]
    [InlineData("""{"a":["$r.id",{"b":"$flag"}]}""", """{"a":[7,{"b":true}]}""")]
    public void Fill_StringThatIsOneReference_BecomesTheTypedValue(string template, string expected) =>
        Assert.Equal(expected, Fill(template));

    [Theory]
    [InlineData("\"no. $r.id\"", "\"no. 7\"")]
    [InlineData("\"$r.id \"", "\"7 \"")]
    [InlineData("\"$r.id$r.id\"", "\"77\"")]
    [InlineData("\"I $r.name\"", "\"I say \\\"hi\\\"\"")]
    [InlineData("\"<$r.doc>\"", "\"<{\\\"a\\\":[1]}>\"")]
    [InlineData("\"{who}\"", "\"An\\\"n\"")]
    [InlineData("\"{id}\"", "\"7\"")]
    [InlineData("\"$none? and $unknown\"", "\"NULL and $unknown\"")]
    public void Fill_OtherStrings_AreFilledAsText(string template, string expected) => Assert.Equal(expected, Fill(template));

    [Theory]
    [InlineData("""{"$r.id":1}""")]
    [InlineData("[1,2.50,true,false,null,{},[]]")]
    [InlineData("\"ü €\"")]
    public void Fill_KeysAndOtherValues_StayAsTheyAre(string template) => Assert.Equal(template, Fill(template));

    [Theory]
    [InlineData("\"$none\"")]
    [InlineData("""{"a":"x $r.nothing"}""")]
    [InlineData("\"$r.missing\"")]
    public void Fill_NoValue_Throws(string template) => Assert.Throws<SubstitutionException>(() => Fill(template));
}
