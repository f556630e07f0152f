using PgDurable.Testing.Tests.Samples;

namespace PgDurable.Testing.Tests.Conformance;

/// <summary>Runs the same scenarios in memory and on PostgreSQL. This is why tests may use the store in memory.</summary>
[Collection(PostgresCollection.Name)]
public sealed class ConformanceTests(PostgresFixture postgres)
{
    public static TheoryData<Scenario> Scenarios => Conformance.Scenarios.All;

    [Theory]
    [MemberData(nameof(Scenarios), DisableDiscoveryEnumeration = true)]
    public async Task Scenario_InMemoryAndOnPostgres_IsTheSame(Scenario scenario)
    {
        await using var connection = await postgres.ConnectAsync();
        var expected = await InMemory.RunAsync(scenario, connection);

        var withCrashes = await InMemory.RunAsync(scenario, connection, crashes: true);
        var real = await postgres.RunAsync(scenario); // last, because only here the steps' effects remain
        Observed.Same(real, expected);
        Observed.Same(real, withCrashes, "with crashes");

        var report = WorkflowReplay.Check(scenario.GraphJson, real.History);
        Assert.True(report.Compatible, report.Explanation);
    }

    [Theory]
    [MemberData(nameof(Constants.ConstantSelectTests.Known), MemberType = typeof(Constants.ConstantSelectTests))]
    public async Task ConstantSelect_IsWhatPostgresSays(string sql, string value)
    {
        await using var connection = await postgres.ConnectAsync();
        var real = await WorkflowTest.For(Df.Sql(sql)).UsePostgres(connection).RunAsync();
        var constant = await WorkflowTest.For(Df.Sql(sql)).RunAsync();

        Assert.Equal(real.ResultJson, constant.ResultJson);
        Assert.Contains(value, real.ResultJson);
    }

    [Theory]
    [MemberData(nameof(Constants.ConstantSelectTests.Queries), MemberType = typeof(Constants.ConstantSelectTests))]
    public async Task ConstantQuery_IsWhatPostgresSays(string sql, string rows)
    {
        await using var connection = await postgres.ConnectAsync();
        var real = await WorkflowTest.For(Df.Sql(sql)).UsePostgres(connection).RunAsync();
        var constant = await WorkflowTest.For(Df.Sql(sql)).RunAsync();

        Assert.Equal(Checkpoints(real), Checkpoints(constant));
        Assert.Contains(rows, real.ResultJson);
    }

    [Fact]
    public async Task ConstantSelect_RandomExpressions_IsWhatPostgresSays()
    {
        var first = int.TryParse(Environment.GetEnvironmentVariable("PGDURABLE_SEED"), out var seed) ? seed : 0;
        var count = int.TryParse(Environment.GetEnvironmentVariable("PGDURABLE_EXPRESSIONS"), out var given) ? given : 2000;
        await using var connection = await postgres.ConnectAsync();
        var (known, wrong) = (0, new List<string>());
        for (var i = first; i < first + count; i++)
        {
            var sql = new Constants.RandomExpression(i).Make();
            if (PgDurable.Testing.Constants.ConstantSelect.Evaluate(sql) is not { } constant)
                continue;
            known++;
            var real = await WorkflowTest.For(Df.Sql(sql)).UsePostgres(connection).RunAsync();
            var inMemory = await WorkflowTest.For(Df.Sql(sql)).RunAsync();
            if (Checkpoints(real) != Checkpoints(inMemory))
                wrong.Add($"seed {i}: {sql}\non PostgreSQL:\n{real.Trace}\nin memory:\n{inMemory.Trace}");
        }
        Assert.True(wrong.Count == 0, $"{wrong.Count} are wrong:\n{string.Join('\n', wrong.Take(5))}");
        Assert.True(known > count / 5, $"only {known} of {count} are evaluated");
    }

    [Fact]
    public async Task Published_InMemoryAndOnPostgres_IsTheSame()
    {
        var scenario = new Scenario("publishes", Conformance.Scenarios.Publishing);
        var real = await postgres.RunAsync(scenario);
        await using var connection = await postgres.ConnectAsync();
        await using var command = new Npgsql.NpgsqlCommand("SELECT df.state($1)::text", connection)
        {
            Parameters = { new() { Value = System.Text.Json.JsonElement.Parse(real.History).GetProperty("instance").GetString() } },
        };

        var inMemory = await WorkflowTest.For(Conformance.Scenarios.Publishing, scenario.Input).UsePostgres(connection).RunAsync();

        Assert.Equal("""{"at": 3, "of": ["it's", null]}""", inMemory.StateJson);
        Assert.Equal(inMemory.StateJson, await command.ExecuteScalarAsync());
    }

    // With the types of the columns.
    static string Checkpoints<T>(WorkflowTestResult<T> result) =>
        System.Text.Json.JsonElement.Parse(result.History).GetProperty("checkpoints").GetRawText();

    [Fact]
    public async Task UsePostgres_Run_LeavesNothing()
    {
        var graph = Df.Sql("INSERT INTO log VALUES ('mine', 'x', 1)").Then("SELECT count(*) AS n FROM log WHERE run = 'mine'");
        var byString = await WorkflowTest.For(graph).UsePostgres(postgres.ConnectionString).RunAsync();
        var again = await WorkflowTest.For(graph).UsePostgres(postgres.ConnectionString).CrashDuring("INSERT INTO log").RunAsync();

        Assert.Equal(1, byString.Output.GetProperty("rows")[0].GetProperty("n").GetInt32());
        Assert.Equal(1, again.Output.GetProperty("rows")[0].GetProperty("n").GetInt32());
    }

    [Fact]
    public async Task UsePostgres_InATransactionOfTheTests_SeesItsRowsAndGoesOn()
    {
        await using var connection = await postgres.ConnectAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var insert = new Npgsql.NpgsqlCommand("INSERT INTO log VALUES ('given', 'x', 5)", connection, transaction);
        await insert.ExecuteNonQueryAsync();

        var result = await WorkflowTest.For(Df.Sql("UPDATE log SET v = v + 1 WHERE run = 'given' RETURNING v")).UsePostgres(connection)
            .RunAsync();
        await using var look = new Npgsql.NpgsqlCommand("SELECT v FROM log WHERE run = 'given'", connection, transaction);

        Assert.Equal(6, result.Output.GetProperty("rows")[0].GetProperty("v").GetInt32());
        Assert.Equal(5, await look.ExecuteScalarAsync());
    }

    [Theory]
    [InlineData(5, 1)]
    [InlineData(0, 0)]
    public async Task UsePostgres_TransactionalActivity_WritesIfItCompletes(int input, int written)
    {
        var count = Df.Sql("SELECT count(*) AS n FROM log WHERE run = 'booked'");
        var result = await WorkflowTest.For(Df.Try(Df.Activity("book-order", input).As("b"), "SELECT 0").Then(count))
            .UsePostgres(postgres.ConnectionString).Use(BookOrder.Definition, new BookOrder()).CrashDuring("b").RunAsync();

        Assert.Equal(written, result.Output.GetProperty("rows")[0].GetProperty("n").GetInt32());
        Assert.Equal(input == 0 ? "22012" : null, result.Executed.Last(step => step.Name == "b").Error?.SqlState);
    }

    [Fact]
    public async Task UsePostgres_TransactionalActivityInATransactionOfTheTests_SaysWhatToDo()
    {
        await using var connection = await postgres.ConnectAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var e = await Assert.ThrowsAsync<WorkflowTestException>(() => WorkflowTest.For(Df.Activity("book-order", 5))
            .UsePostgres(connection).Use(BookOrder.Definition, new BookOrder()).RunAsync());

        Assert.Contains("Give a connection without one", e.Message);
    }

    [Fact]
    public async Task UsePostgres_NamedStep_IsStillAnsweredByTheTest()
    {
        var result = await WorkflowTest.For(Df.Sql("SELECT v FROM no_such_table").As("a").Then("SELECT $a.v + 1 AS v"))
            .UsePostgres(postgres.ConnectionString).Rows("a", new { v = 41 }).RunAsync();

        Assert.Equal(42, result.Output.GetProperty("rows")[0].GetProperty("v").GetInt32());
    }
}
