using Npgsql;

namespace PgDurable.Extension.Tests.Store;

/// <summary>Starts of many instances at once: the same as as many single starts.</summary>
[Collection(StoreCollection.Name)]
public sealed class StartManyTests(StoreFixture fixture) : IAsyncLifetime
{
    public async Task InitializeAsync()
    {
        await fixture.EmptyAsync();
        await fixture.EmptyAsync("portable");
    }

    public Task DisposeAsync() => fixture.Cluster.ExecuteAsync("DELETE FROM df.limits");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task StartMany_InputsLabelsAndKeys_ReturnsTheIdsInTheirOrder(bool native)
    {
        await using var user = await UserAsync(native);
        var ids = await user.ScalarAsync<string[]>(
            """
            SELECT df.start_many('w', ARRAY['{"n": 1}', NULL, '{"n": 3}', '{"n": 4}']::jsonb[], ARRAY['a', 'b', NULL, 'd'],
                                 ARRAY['k1', NULL, 'k3', 'k1'], start_at => '2100-01-01 00:00Z')
            """);
        Assert.Equal(4, ids!.Length);
        Assert.Equal(ids[0], ids[3]);
        Assert.Equal(["a|{\"n\": 1}|k1|2|2100-01-01", "b|||2|2100-01-01", "|{\"n\": 3}|k3|2|2100-01-01"], await user.ColumnAsync<string>(
            """
            SELECT concat_ws('|', COALESCE(s.label, ''), COALESCE(s.input::text, ''), COALESCE(s.idempotency_key, ''),
                             s.workflow_version, (q.due_at AT TIME ZONE 'UTC')::date)
              FROM unnest($1) WITH ORDINALITY u (id, n) JOIN df.submissions s USING (id) JOIN df.queue q USING (instance_no)
             WHERE u.n < 4 ORDER BY u.n
            """, (object)ids));
        Assert.Equal(3, await user.ScalarAsync<long>("SELECT count(*) FROM df.submissions"));
        Assert.Equal(ids[2], (await user.ScalarAsync<string[]>(
            "SELECT df.start_many('w', '{NULL,NULL}', idempotency_keys => '{k3,k4}', version => 1)"))![0]);
        Assert.Equal([2, 2, 2, 1], await user.ColumnAsync<int>("SELECT workflow_version FROM df.submissions ORDER BY instance_no"));
    }

    [Theory]
    [InlineData("'w', '{}'", null)]
    [InlineData("'w', '{}', '{}', '{}'", null)]
    [InlineData("'w', NULL", "22004")]
    [InlineData("NULL, '{NULL}'", "22004")]
    [InlineData("'w', '{NULL,NULL}', labels => '{a}'", "22023")]
    [InlineData("'w', '{NULL,NULL}', labels => '{a,b,c}'", "22023")]
    [InlineData("'w', '{NULL}', idempotency_keys => '{a,b}'", "22023")]
    [InlineData("'w', '{NULL}', idempotency_keys => '{}'", "22023")]
    [InlineData("'unknown', '{}'", "DF014")]
    [InlineData("'unknown', '{NULL}'", "DF014")]
    [InlineData("'w', '{NULL}', version => 3", "DF014")]
    [InlineData("'w', '{NULL}', start_at => 'infinity'", "22023")]
    public async Task StartMany_NothingOrNonsense_StartsNothing(string arguments, string? error)
    {
        foreach (var native in (bool[])[true, false])
        {
            await using var user = await UserAsync(native);
            if (error is null)
                Assert.Empty((await user.ScalarAsync<string[]>($"SELECT df.start_many({arguments})"))!);
            else
                Assert.Equal(error, (await Assert.ThrowsAsync<PostgresException>(
                    () => user.ExecuteAsync($"SELECT df.start_many({arguments})"))).SqlState);
            Assert.Equal(0, await user.ScalarAsync<long>("SELECT count(*) FROM df.submissions"));
        }
    }

    [Theory]
    [InlineData("array_agg(to_jsonb(i))", "starts_per_second", "DF020")]
    [InlineData("array_agg(to_jsonb(i))", "instances", "DF020")]
    [InlineData("array_agg(CASE WHEN i < 5 THEN to_jsonb(i) ELSE (SELECT to_jsonb(string_agg(gen_random_uuid()::text, '')) "
        + "FROM generate_series(1, 470000)) END)", null, "54000")]
    public async Task StartMany_OneTooManyOrTooLarge_StartsNone(string inputs, string? limit, string error)
    {
        await using var user = await UserAsync(native: true);
        if (limit is not null)
            await fixture.Cluster.ExecuteAsync($"SELECT df.set_limit('alice', '{limit}', 4)");
        var start = $"SELECT df.start_many('w', (SELECT {inputs} FROM generate_series(1, 5) i))";
        Assert.Equal(error, (await Assert.ThrowsAsync<PostgresException>(() => user.ExecuteAsync(start))).SqlState);
        Assert.Equal(0, await user.ScalarAsync<long>("SELECT count(*) FROM df.submissions"));
        await user.ExecuteAsync(start.Replace("(1, 5)", "(1, 4)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task StartMany_WorkflowOfAnotherRoleOrWithoutTheRight_IsRefused()
    {
        await fixture.Cluster.CreateRoleAsync("bob");
        await fixture.Cluster.ExecuteAsync("SELECT df.grant_usage('bob')");
        await using var user = await UserAsync(native: true);
        await user.ExecuteAsync("RESET ROLE");
        Assert.Equal("DF014", await ErrorAsync());
        await user.ExecuteAsync("SET ROLE bob");
        Assert.Equal("DF014", await ErrorAsync());
        await fixture.Cluster.ExecuteAsync("SELECT df.revoke_usage('bob')");
        Assert.Equal("42501", await ErrorAsync());

        async Task<string> ErrorAsync() => (await Assert.ThrowsAsync<PostgresException>(
            () => user.ExecuteAsync("SELECT df.start_many('w', '{NULL}')"))).SqlState;
    }

    [Fact]
    public async Task StartMany_SearchPathFullOfTraps_LooksUpNothingThere()
    {
        await using var user = await UserAsync(native: true);
        await fixture.Cluster.ExecuteAsync("CREATE SCHEMA trap AUTHORIZATION alice");
        try
        {
            await user.ExecuteAsync(
                """
                SET search_path = trap, pg_catalog;
                CREATE FUNCTION trap.cardinality(anyarray) RETURNS integer LANGUAGE sql AS 'SELECT 1 / 0';
                CREATE FUNCTION trap.unnest(jsonb[], text[], text[]) RETURNS SETOF df.vars LANGUAGE sql AS 'SELECT NULL::df.vars';
                CREATE FUNCTION trap.append(text[], text) RETURNS text[] LANGUAGE sql AS 'SELECT NULL::text[]';
                CREATE OPERATOR trap.|| (LEFTARG = text[], RIGHTARG = text, FUNCTION = trap.append);
                """);
            Assert.Equal(2, (await user.ScalarAsync<string[]>("SELECT df.start_many('w', '{1,2}')"))!.Length);
        }
        finally
        {
            await fixture.Cluster.ExecuteAsync("SET client_min_messages = warning; DROP SCHEMA trap CASCADE");
        }
    }

    private async Task<TestSession> UserAsync(bool native)
    {
        var user = native ? await fixture.UserAsync() : new TestSession(await fixture.Cluster.ConnectAsync("portable", "carol"));
        await user.ExecuteAsync("SELECT df.register_workflow('w', 'SELECT 1'), df.register_workflow('w', 'SELECT 2')");
        return user;
    }
}
