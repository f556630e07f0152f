namespace PgDurable.Worker.Tests.EndToEnd;

/// <summary>What df.nodes derives from the checkpoints is what the engine did: the same end, and nothing left open.</summary>
[Collection(WorkerCollection.Name)]
public sealed class NodeStatesTests(WorkerFixture fixture)
{
    [Theory]
    [InlineData("'SELECT 1' ~> 'SELECT 2'", "completed completed completed")]
    [InlineData("'SELECT 1' ~> 'SELECT 1/0' ~> 'SELECT 3'", "failed failed completed failed skipped")]
    [InlineData("df.if('SELECT false', 'SELECT 1', 'SELECT 2')", "completed skipped completed completed")]
    [InlineData("('SELECT 1 WHERE false' |=> 'x') ~> df.if_rows('x', 'SELECT 1', 'SELECT 2')",
        "completed completed completed skipped completed")]
    [InlineData("df.join('SELECT 1', 'SELECT 2' ~> 'SELECT 3', 'SELECT 4')", "completed completed completed completed completed completed")]
    [InlineData("df.join('SELECT 1', df.race('SELECT pg_sleep(60)', 'SELECT 1/0'))", "failed completed failed skipped failed")]
    [InlineData("df.race(df.loop('SELECT pg_sleep(0.05)'), df.sleep(0)) ~> 'SELECT 9'",
        "completed completed failed skipped completed completed")]
    [InlineData("('SELECT 3 AS n' |=> 'c') ~> df.loop('SELECT $c.n - 1 AS n' |=> 'c', 'SELECT $c.n > 0')",
        "completed completed completed completed completed")]
    [InlineData("('SELECT 1' |=> 'v') ~> df.loop(df.break('$v'))", "completed completed completed completed")]
    [InlineData("df.retry('SELECT 1/0', 2, 0, retry_on => ARRAY['22'])", "failed failed")]
    [InlineData("df.try(df.timeout('SELECT pg_sleep(60)', 0.1), 'SELECT 7', 'SELECT 8')", "completed failed cancelled completed completed")]
    [InlineData("('SELECT 1' <-> 'SELECT 10') ~> ('SELECT 2' <-> 'SELECT 20') ~> 'SELECT 1/0'",
        "failed completed completed completed completed completed completed completed failed")]
    [InlineData("('SELECT generate_series(1, 12) AS i' |=> 'r') ~> df.foreach('r', 'SELECT $item.i' ~> 'SELECT 2 * $item.i')",
        "completed completed completed completed completed completed")]
    [InlineData("('SELECT generate_series(1, 3) AS i' |=> 'r') ~> df.foreach('r', 'SELECT 1 / ($item.i - 2)')",
        "failed completed failed failed")]
    [InlineData("('SELECT 1 WHERE false' |=> 'r') ~> df.foreach('r', 'SELECT 1')", "completed completed completed skipped")]
    [InlineData("'SELECT 1' ~> df.break('v')", "failed completed completed")]
    [InlineData("'SELECT 1' ~> df.fail('no')", "failed completed failed")]
    [InlineData("('SELECT 1' <-> 'SELECT 10') ~> df.break('v')", "failed completed completed completed completed")]
    [InlineData("df.race(df.try(('SELECT 1' <-> 'SELECT 10') ~> df.sleep(60), 'SELECT 5'), df.sleep(1)) ~> df.fail('no')",
        "failed completed skipped skipped completed completed completed skipped skipped completed failed")]
    [InlineData("df.wait_for_signal('never', 1)", "completed")]
    [InlineData("df.sleep(0.05) ~> 'SELECT 1'", "completed completed completed")]
    [InlineData("df.race(df.wait_for_signal('never') ~> 'SELECT 1', df.sleep(0.01))", "completed skipped skipped skipped completed")]
    public async Task Nodes_OfEndedInstance_AreWhatTheEngineDid(string expression, string states)
    {
        await using var user = await fixture.UserAsync();
        var id = await user.ScalarAsync<string>($"SELECT df.start({expression})");
        var status = await user.EndAsync(id);

        Assert.Equal(states, await user.ScalarAsync<string>(
            "SELECT string_agg(inferred_status, ' ' ORDER BY id) FROM df.nodes WHERE instance_id = $1", id));
        Assert.Equal(
            await user.ScalarAsync<string>("SELECT COALESCE(df.result($1), to_json(df.error($1)::json ->> 'message')::text)", id),
            await user.ScalarAsync<string>("SELECT result::text FROM df.nodes WHERE instance_id = $1 AND id = '00000000'", id));
        Assert.Equal(status, await user.ScalarAsync<string>(
            "SELECT inferred_status FROM df.nodes WHERE instance_id = $1 AND id = '00000000'", id));
    }
}
