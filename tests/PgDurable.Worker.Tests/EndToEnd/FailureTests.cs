namespace PgDurable.Worker.Tests.EndToEnd;

/// <summary>What a user reads when something fails names the cause, and where there is something to do, says what.</summary>
[Collection(WorkerCollection.Name)]
public sealed class FailureTests(WorkerFixture fixture)
{
    [Theory]
    [InlineData("'SELECT 1/0'", "22012", "division by zero", null)]
    [InlineData("'SELECT * FROM nowhere'", "42P01", "relation \"nowhere\" does not exist", null)]
    [InlineData("('SELECT 1 WHERE false' |=> 'x') ~> 'SELECT $x'", "22004", "$x has no rows", "Write $x? to use NULL instead")]
    [InlineData("('SELECT NULL::int AS a' |=> 'x') ~> 'SELECT $x.a'", "22004", "$x.a is NULL", "Write $x.a? to allow NULL")]
    [InlineData(
        "('SELECT 1 AS a' |=> 'x') ~> 'SELECT $x.b'", "22004", "result has no field 'b' (available: a)", "Use one of the available fields")]
    [InlineData(
        "'SELECT repeat(''x'', 20000000)'", "54000", "larger than 16 MiB (pg_durable.max_result_bytes)", "keep the data in a table")]
    [InlineData("df.timeout('SELECT pg_sleep(60)', 0.1)", "DF005", "timed out after 0.1 s", "df.try()")]
    [InlineData("df.fail('no stock')", "DF006", "no stock", null)]
    [InlineData("'SELECT 1' ~> df.break('v')", "DF007", "outside of a loop", null)]
    [InlineData("df.http('http://example.com/')", "DF009", "does not have EXECUTE privilege", "df.grant_usage(")]
    [InlineData("df.race('SELECT pg_sleep(60)' |=> 'rows', df.sleep(0)) ~> df.foreach('rows', 'SELECT 1')", "DF012",
        "result 'rows' not found", "|=>")]
    [InlineData("df.wait_for_schedule('0 0 30 2 *')", "DF013", "0 0 30 2 *", null)]
    [InlineData("df.call('nowhere')", "DF014", "nowhere", null)]
    public async Task Failure_IsReadInErrorFailedAndExplain(string graph, string state, string message, string? hint)
    {
        await using var user = await fixture.UserAsync();
        string id;
        if (graph.Contains("df.http", StringComparison.Ordinal))
        {
            await fixture.Cluster.ExecuteAsync($"SELECT df.grant_usage('{user.Role}', include_http => true)");
            await user.ExecuteAsync("BEGIN");
            id = await user.StartGraphAsync(graph);
            await fixture.Cluster.ExecuteAsync($"REVOKE EXECUTE ON FUNCTION df.http(text, text, text, jsonb, integer) FROM {user.Role}");
            await user.ExecuteAsync("COMMIT");
        }
        else
        {
            id = await user.StartGraphAsync(graph);
        }
        var error = await user.ErrorAsync(id);

        Assert.Equal(state, error.GetProperty("sqlstate").GetString());
        Assert.Contains(message, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        if (hint is not null)
            Assert.Contains(hint, error.GetProperty("hint").GetString(), StringComparison.Ordinal);
        Assert.Equal(
            error.GetProperty("message").GetString(), await user.ScalarAsync<string>("SELECT message FROM df.failed WHERE id = $1", id));
        Assert.Contains("✗ Failed", await user.ScalarAsync<string>("SELECT df.explain($1)", id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Errors_InTheDocumentation_AreThoseOfTheCode()
    {
        var documented = Codes(await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Path, "docs", "errors.md")));
        var sources = Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "src"), "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".cs" or ".sql" or ".c" && !file.Contains("--", StringComparison.Ordinal));
        var used =
            Codes(string.Concat(sources.Select(File.ReadAllText)).Replace("'D', 'F', '0', '1', '", "DF01", StringComparison.Ordinal));

        Assert.Equal(documented, used);
    }

    private static SortedSet<string> Codes(string text) =>
        [.. System.Text.RegularExpressions.Regex.Matches(text, "DF0[0-9]{2}").Select(match => match.Value)];
}
