using System.Text.Json;
using System.Text.Json.Nodes;
using PgDurable.Testing.Answers;

namespace PgDurable.Testing.Tests.Answers;

public sealed class RowsTests
{
    enum Colour { Red, Green }

    [StoredAsNumber]
    enum Stage { New = 1, Paid = 5 }

    sealed record Wide(
        bool B, short S, int I, long L, float F, double D, decimal M, string? T, Colour E, Guid G, DateOnly Date, TimeOnly Time,
            DateTime At, DateTimeOffset When, TimeSpan For, byte[] Raw,
        int[] Many, List<string?> Texts, JsonElement Json, Nested Inner, [property: Column("odd_name")] int Renamed,
            [Column("Odd")] int OnParameter, int? Nothing);

    sealed record Nested(int SomeNumber, string? Text);

    [Fact]
    public void Encode_EveryType_HasPostgresFormAndType()
    {
        var moment = new DateTime(2026, 1, 2, 3, 4, 5, 600, DateTimeKind.Utc);
        var row = new Wide(
            true, 1, 2, 3, 1.5f, 2.5, 99.50m, null, Colour.Green, Guid.Parse("8c1f0a2b-0000-0000-0000-000000000001"),
            new(2026, 1, 31), new(9, 30), moment, moment, TimeSpan.FromHours(25),
            [1, 255], [1, 2], ["a", null], JsonElement.Parse("""{"x":[1]}"""), new(7, "t"), 8, 9, null);

        var result = RowEncoder.Encode(new[] { row }, null, "SELECT …");

        Assert.Equal(
            """
            {"rows":[{"b":true,"s":1,"i":2,"l":3,"f":1.5,"d":2.5,"m":"99.50","t":null,"e":"Green",
            "g":"8c1f0a2b-0000-0000-0000-000000000001","date":"2026-01-31","time":"09:30:00",
            "at":"2026-01-02T03:04:05.600+00:00","when":"2026-01-02T03:04:05.600+00:00",
            "for":"1 days 01:00:00.000000","raw":"\\x01ff","many":[1,2],"texts":["a",null],"json":{"x":[1]},
            "inner":{"some_number":7,"text":"t"},"odd_name":8,"Odd":9,"nothing":null}],"row_count":1,"rows_affected":0}
            """.ReplaceLineEndings(""),
            result.Json);
        Assert.Equal(
            ["bool", "int2", "int4", "int8", "float4", "float8", "numeric", "text", "text", "uuid", "date", "time", "timestamptz",
                "timestamptz", "interval", "bytea", "int4[]", "text[]",
                "jsonb", "jsonb", "int4", "int4", "int4"],
            result.Columns!.Select(column => column.TypeName!.Replace("pg_catalog.", "", StringComparison.Ordinal)));
    }

    [Fact]
    public void Encode_EnumStoredAsNumber_IsItsNumber()
    {
        var result = RowEncoder.Encode(
            new { Stage = Stage.Paid, Stages = new[] { Stage.New }, Json = new { Stage = Stage.Paid } }, null, "SELECT 1");

        Assert.Equal(
            """{"rows":[{"stage":5,"stages":[1],"json":{"stage":5}}],"row_count":1,"rows_affected":0}""", result.Json);
        Assert.Equal("pg_catalog.int4", result.Columns![0].TypeName);
    }

    [Fact]
    public void Encode_Anonymous_TakesItsNames() =>
        Assert.Equal("""{"rows":[{"order_id":1,"total_sum":"2"}],"row_count":1,"rows_affected":0}""",
            RowEncoder.Encode(new { order_id = 1, TotalSum = 2m }, null, "SELECT 1").Json);

    [Theory]
    [InlineData("SELECT count(*) FROM t", "count")]
    [InlineData("SELECT count(*) AS n FROM t", "n")]
    [InlineData("INSERT INTO t VALUES (1) RETURNING id", "id")]
    [InlineData("WITH w AS (SELECT 1 AS x) SELECT w.x FROM w", "x")]
    [InlineData("SELECT a + b FROM t", "?column?")]
    [InlineData("SELECT $order.total", "?column?")]
    [InlineData("SELECT \"Total\"::text FROM t", "Total")]
    public void Encode_OneValue_IsTheStatementsColumn(string sql, string column) =>
        Assert.Equal(column, Assert.Single(RowEncoder.Encode(5L, null, sql).Columns!).Name);

    [Fact]
    public void Encode_Dictionaries_HaveTheColumnsOfAll()
    {
        var rows = new[] { new Dictionary<string, object?> { ["a"] = null }, new Dictionary<string, object?> { ["a"] = 1, ["b"] = "x" } };

        Assert.Equal("""{"rows":[{"a":null,"b":null},{"a":1,"b":"x"}],"row_count":2,"rows_affected":0}""",
            RowEncoder.Encode(rows, null, "SELECT 1").Json);
    }

    [Fact]
    public void Encode_JsonObjectAsValue_IsOneColumn() =>
        Assert.Equal("""{"rows":[{"doc":{"a":1}}],"row_count":1,"rows_affected":0}""",
            RowEncoder.Encode(new JsonObject { ["a"] = 1 }, null, "SELECT doc FROM t").Json);

    [Fact]
    public void Encode_RowsOfAWrite_CountAsAffected() =>
        Assert.EndsWith("\"row_count\":2,\"rows_affected\":2}", RowEncoder.Encode(new[] { 1, 2 }, null, "DELETE FROM t RETURNING id").Json);

    [Fact]
    public async Task Rows_List_IsItsRows()
    {
        List<Nested> rows = [new(1, "a"), new(2, "b")];
        var result = await WorkflowTest.For(Df.Sql("SELECT some_number, text FROM t")).Rows("SELECT some_number", rows).RunAsync();

        Assert.Equal(2, result.Output.GetProperty("row_count").GetInt32());
    }

    [Fact]
    public async Task Rows_SaidTwice_AnswerOneRunEachAndTheLastAllFurther()
    {
        var result = await WorkflowTest.For(Df.Loop(Df.Sql("SELECT n FROM t").As("n"), "SELECT $n < 3"))
            .Rows("n", 1).Rows("n", 2).Rows("n", 3).RunAsync();

        Assert.Equal([1, 2, 3], result.Executed.Where(step => step.Name == "n").Select(step => step.Rows[0].GetProperty("n").GetInt32()));
    }

    [Fact]
    public async Task Rows_Function_SeesTheStep()
    {
        var result = await WorkflowTest.For(Df.Sql("SELECT $input.a AS x").As("x").Then("SELECT x FROM t WHERE x = $x"), """{"a":5}""")
            .Rows("SELECT x FROM t", step => new { x = step.Sql, step.Attempt, step.Path })
            .RunAsync();

        Assert.Equal("SELECT x FROM t WHERE x = ('5'::pg_catalog.int4)", result.Output.GetProperty("rows")[0].GetProperty("x").GetString());
    }

    [Fact]
    public async Task Rows_EmptyWithType_KeepsTheColumns()
    {
        var result = await WorkflowTest.For(Df.Sql("SELECT * FROM t").As("r").Then("INSERT INTO u SELECT * FROM $r.*")).Rows<Nested>("r")
            .AnswerWrites().RunAsync();

        Assert.Equal("INSERT INTO u SELECT * FROM (SELECT NULL::pg_catalog.int4, NULL::pg_catalog.text "
            + "WHERE false) AS \"r\"(\"some_number\",\"text\")", result.Executed[^1].Sql);
    }

    [Fact]
    public async Task Rows_MixedTypes_SayWhichStep()
    {
        var test = WorkflowTest.For(Df.Sql("SELECT * FROM t").As("r")).Rows("r", new object[] { new Nested(1, null), new { other = 1 } });

        Assert.Contains("'r'", (await Assert.ThrowsAsync<WorkflowTestException>(() => test.RunAsync())).Message);
    }

    [Fact]
    public async Task Rows_StepAtTwoPlaces_AnswersInTurn()
    {
        var result = await WorkflowTest.For(Df.Sql("SELECT n FROM t").Then("SELECT n FROM t").Then("SELECT n FROM t"))
            .Rows("SELECT n FROM t", 1).Rows("SELECT n FROM t", 2).RunAsync();

        Assert.Equal([1, 2, 2], result.Executed.Select(step => step.Rows[0].GetProperty("n").GetInt32()));
    }

    [Fact]
    public async Task FailStep_StepAtTwoPlaces_FailsAsOftenAsItSays()
    {
        var step = Df.Try("SELECT n FROM t", "SELECT 0");
        var result = await WorkflowTest.For(step.Then(step).Then(step)).FailStep("SELECT n FROM t", "AB001")
            .RunAsync();
        var mixed = await WorkflowTest.For(step.Then(step).Then(step)).FailStep("SELECT n FROM t", "AB001", attempts: 1)
            .FailStep("SELECT n FROM t", "AB002", attempts: 1).Rows("SELECT n FROM t", 5).RunAsync();

        Assert.Equal(3, result.Executed.Count(ran => ran.Error?.SqlState == "AB001"));
        Assert.Equal(["AB001", "AB002", null], mixed.Executed.Where(ran => !ran.IsComputed).Select(ran => ran.Error?.SqlState));
    }

    [Theory]
    [InlineData("VACUUM orders", 0)]
    [InlineData("CREATE INDEX CONCURRENTLY ON orders (id)", 0)]
    [InlineData("DO $$ BEGIN PERFORM 1; END $$", 0)]
    [InlineData("UPDATE orders SET id = 1", 3)]
    public async Task AnswerWrites_StatementWithoutRows_Answers(string sql, int affected)
    {
        var result = await WorkflowTest.For(Df.Sql(sql)).AnswerWrites(3).RunAsync();

        Assert.Equal(affected, result.Output.GetProperty("rows_affected").GetInt32());
    }

    [Theory]
    [InlineData("UPDATE orders SET id = 1 RETURNING id")]
    [InlineData("CALL p()")]
    [InlineData("SHOW work_mem")]
    public Task AnswerWrites_StatementThatMayReturnRows_Asks(string sql) =>
        Assert.ThrowsAsync<UnansweredStepException>(() => WorkflowTest.For(Df.Sql(sql)).AnswerWrites().RunAsync());
}
