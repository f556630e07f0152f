namespace PgDurable.Worker.Engine.Substitution;

public class RawSubstitutionTests
{
    private static readonly Dictionary<string, StepResult> Names = new()
    {
        ["r"] = new("""{"rows":[{"id":7,"name":"O'Neil","doc":{"a": [1, 2]},"nothing":null},{"id":8,"name":"B","doc":null"""
            + ""","nothing":null}],"row_count":2}""", null),
        ["none"] = new("""{"rows":[],"row_count":0}""", [new("id", "pg_catalog.int4")]),
        ["sig"] = new("""{"signal_name":"go","data":"x y"}""", null),
        ["text"] = new("\"plain\"", null),
        ["flag"] = new("true", null),
        ["nil"] = new("null", null),
        ["broken"] = new("no json", null),
    };

    private static string Substitute(string text) => RawSubstitution.Substitute(text, Names, Facts.Of(("who", "Ann"), ("ref", "$r.id")));

    [Theory]
    [InlineData("nothing here", "nothing here")]
    [InlineData("$r", "7")]
    [InlineData("https://x/$r.id/$r.name?q=1", "https://x/7/O'Neilq=1")]
    [InlineData("$r.doc", """{"a":[1,2]}""")]
    [InlineData("$sig.data", "x y")]
    [InlineData("$sig", """{"signal_name":"go","data":"x y"}""")]
    [InlineData("$text/$flag", "plain/true")]
    [InlineData("$r.nothing?", "NULL")]
    [InlineData("$r.missing?", "NULL")]
    [InlineData("$none?", "NULL")]
    [InlineData("$none.id?", "NULL")]
    [InlineData("$nil?", "NULL")]
    [InlineData("$none.*", "[]")]
    [InlineData("{who}: $r.id", "Ann: 7")]
    [InlineData("{ref}", "7")]
    public void Substitute_Reference_IsReadAsPeopleDo(string text, string expected) => Assert.Equal(expected, Substitute(text));

    [Fact]
    public void Substitute_RowSet_IsAnArrayOfRows() => Assert.Equal(
        """{"all":[{"id":7,"name":"O'Neil","doc":{"a":[1,2]},"nothing":null},{"id":8,"name":"B","doc":null,"nothing":null}]}""",
        Substitute("""{"all":$r.*}"""));

    [Theory]
    [InlineData("$unknown")]
    [InlineData("$")]
    [InlineData("$$ costs $5 $1")]
    [InlineData("$rx $R")]
    [InlineData("100$")]
    public void Substitute_NoKnownName_StaysAsItIs(string text) => Assert.Equal(text, Substitute(text));

    [Fact]
    public void Substitute_ReplacedText_IsNotReadAgain()
    {
        var names = new Dictionary<string, StepResult> { ["a"] = new("\"$b {who}\"", null), ["b"] = new("1", null) };

        Assert.Equal("$b {who}", RawSubstitution.Substitute("$a", names, Facts.Of(("who", "Ann"))));
    }

    [Theory]
    [InlineData("$none", "$none has no rows")]
    [InlineData("$r.nothing", "$r.nothing is NULL")]
    [InlineData("$nil", "$nil is NULL")]
    [InlineData("$r.missing", "$r.missing: result has no field 'missing' (available: doc, id, name, nothing)")]
    [InlineData("$text.x", "$text.x: result is neither a row set nor a JSON object")]
    [InlineData("$sig.*", "invalid result format")]
    [InlineData("$broken", "$broken: result is not valid JSON")]
    public void Substitute_NoValue_SaysWhyAndWhatToDo(string text, string message)
    {
        var exception = Assert.Throws<SubstitutionException>(() => Substitute(text));

        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        Assert.NotEmpty(exception.Hint!);
    }

    [Theory]
    [InlineData("$text", "plain")]
    [InlineData("$r.id", "7")]
    [InlineData("{who}", "Ann")]
    [InlineData("{nobody}", null)]
    [InlineData("$text ", null)]
    [InlineData("x$text", null)]
    [InlineData("$unknown", null)]
    [InlineData("", null)]
    public void WholeValue_OneReferenceOrVariable_IsItsValue(string text, string? expected) =>
        Assert.Equal(expected, RawSubstitution.WholeValue(text, Names, Facts.Of(("who", "Ann"))));
}
