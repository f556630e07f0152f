namespace PgDurable.Worker.Engine.Substitution;

public class RowSetTests
{
    static string Substitute(string rows, int count, params ResultColumn[]? columns) => SqlSubstitution.Substitute(
        "SELECT * FROM $n.*",
        new Dictionary<string, StepResult>
        {
            ["n"] = new($$"""{"rows":[{{rows}}],"row_count":{{count}},"rows_affected":0}""", columns),
        }).Text;

    [Fact]
    public void Substitute_TypedRows_CastsEveryValue() => Assert.Equal(
        "SELECT * FROM (VALUES ('1'::pg_catalog.int8,'it''s'::pg_catalog.text), "
        + "('-2'::pg_catalog.int8,NULL::pg_catalog.text)) AS \"n\"(\"id\",\"a\"\"b\")",
        Substitute("""{"id":1,"a\"b":"it's"},{"id":-2,"a\"b":null}""", 2, new("id", "pg_catalog.int8"), new("a\"b", "pg_catalog.text")));

    [Fact]
    public void Substitute_UntypedRows_InfersOneTypePerColumn() => Assert.Equal(
        "SELECT * FROM (VALUES ('1'::pg_catalog.numeric,'true'::pg_catalog.bool,'x'::pg_catalog.text,'[1]'::pg_catalog.jsonb), "
        + "('2.5'::pg_catalog.numeric,NULL::pg_catalog.bool,'3'::pg_catalog.text,'{}'::pg_catalog.jsonb)) "
        + "AS \"n\"(\"a\",\"b\",\"c\",\"d\")",
        Substitute("""{"a":1,"b":true,"c":"x","d":[1]},{"a":2.5,"b":null,"c":3,"d":{}}""", 2, null));

    [Fact]
    public void Substitute_NoRows_KeepsNamesAndTypes() => Assert.Equal(
        "SELECT * FROM (SELECT NULL::pg_catalog.int8, NULL::pg_catalog.text WHERE false) AS \"n\"(\"id\",\"x\")",
        Substitute("", 0, new("id", "pg_catalog.int8"), new("x", null)));

    [Fact]
    public void Substitute_NoColumns_KeepsTheRows()
    {
        Assert.Equal("SELECT * FROM (SELECT FROM pg_catalog.generate_series(1,2)) AS \"n\"", Substitute("{},{}", 2, []));
        Assert.Equal("SELECT * FROM (SELECT WHERE false) AS \"n\"", Substitute("", 0, []));
        Assert.Equal("SELECT * FROM (SELECT NULL WHERE false) AS \"n\"", Substitute("", 0, null));
    }

    [Fact]
    public void Substitute_TooManyRows_Throws()
    {
        var rows = string.Join(',', Enumerable.Repeat("""{"a":1}""", 10_001));
        var exception = Assert.Throws<SubstitutionException>(() => Substitute(rows, 10_001, new ResultColumn("a", "pg_catalog.int4")));
        Assert.Equal("$n.* — result has 10001 rows, exceeding the maximum of 10000 for row-set expansion", exception.Message);
    }
}
