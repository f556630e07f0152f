namespace PgDurable.Worker.Tests.EndToEnd;

/// <summary>Loops that continue on failure.</summary>
[Collection(WorkerCollection.Name)]
public sealed class LoopTests(WorkerFixture fixture)
{
    [Fact]
    public async Task Loop_FirstIterationFailsAndTheSecondBreaks_CompletesAfterTwoAttempts()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync($"CREATE SEQUENCE {user.Schema}.tries");
        var id =
            await user.StartGraphAsync($"df.loop('SELECT 1 / (nextval(''{user.Schema}.tries'') - 1)' ~> df.break('done'), NULL, true)");

        Assert.Equal("completed", await user.EndAsync(id));
        Assert.Equal("\"done\"", await user.ScalarAsync<string>("SELECT df.result($1)", id));
        Assert.Equal(2L, await user.ScalarAsync<long>($"SELECT last_value FROM {user.Schema}.tries"));
        Assert.Equal("completed 1 division by zero 22012 00000002", await user.ScalarAsync<string>(
            """
            SELECT concat_ws(' ', inferred_status, status_details ->> 'failed_iterations', status_details -> 'last_error' ->> 'message',
                             status_details -> 'last_error' ->> 'sqlstate', status_details -> 'last_error' ->> 'node')
              FROM df.nodes WHERE instance_id = $1 AND node_type = 'LOOP'
            """, id));
    }

    [Theory]
    [InlineData("false")]
    [InlineData("NULL")]
    public async Task Loop_WithoutTheFlag_FailsAtTheFirstFailure(string flag)
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync($"CREATE SEQUENCE {user.Schema}.tries");
        var id =
            await user.StartGraphAsync($"df.loop('SELECT 1 / (nextval(''{user.Schema}.tries'') - 1)' ~> df.break('done'), NULL, {flag})");

        Assert.Equal("failed", await user.EndAsync(id));
        Assert.Equal(1L, await user.ScalarAsync<long>($"SELECT last_value FROM {user.Schema}.tries"));
    }

    [Fact]
    public async Task Loop_ReferenceToNull_FailsAfterOneAttempt()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync($"CREATE TABLE {user.Schema}.t (a int)");
        var id = await user.StartGraphAsync(
            $"df.loop(('INSERT INTO {user.Schema}.t VALUES (NULL) RETURNING a' |=> 'nullable') ~> 'SELECT $nullable', NULL, true)");

        var error = await user.ErrorAsync(id);
        Assert.Equal(1L, await user.CountAsync("t"));
        Assert.Equal("22004", error.GetProperty("sqlstate").GetString());
        Assert.Equal("failed failed completed failed", await user.ScalarAsync<string>(
            "SELECT string_agg(inferred_status, ' ' ORDER BY id) FROM df.nodes WHERE instance_id = $1", id));
    }

    // A maintenance job: a guard, passes until nothing is left, then again for each signal; what fails is tried again, and the job ends
    // itself when it is out of date.
    [Fact]
    public async Task NestedLoops_OfAJobThatOutlivesItsFailures_GoOnUntilTheGuardEndsThem()
    {
        await using var user = await fixture.UserAsync();
        var s = user.Schema;
        await user.ExecuteAsync(
            $"""
             CREATE TABLE {s}.job (current boolean);
             INSERT INTO {s}.job VALUES (true);
             CREATE TABLE {s}.work (n int);
             INSERT INTO {s}.work VALUES (1), (2);
             CREATE TABLE {s}.done (n int, by text)
             """);
        var guard = $"('SELECT current FROM {s}.job' |=> 'current') ~> (('SELECT $current.current' ?> 'SELECT true') !> df.break('stale'))";
        var pass = $"WITH w AS (DELETE FROM {s}.work WHERE n = (SELECT min(n) FROM {s}.work) RETURNING n), "
            + $"d AS (INSERT INTO {s}.done SELECT 2 / n, ''{{sys_instance_id}}'' FROM w RETURNING n) "
            + "SELECT count(*) > 0 AS ran FROM d";
        var cascade = $"df.pace(df.loop(('{pass}' |=> 'step') ~> (('SELECT $step.ran' ?> 'SELECT true') !> df.break('false')), "
            + "NULL::text, false), 0)";
        var serve = $"df.pace(df.loop((df.wait_for_signal('compact', NULL::int4) | df.wait_for_schedule('0 0 1 1 *')) ~> ({guard}) ~> "
            + $"({cascade}), NULL, true), 0)";
        var id = await user.StartGraphAsync($"df.loop(({guard}) ~> ({cascade}) ~> ({serve}) ~> df.break('stale'), NULL, true)");

        await user.WaitingAsync(id, "SIGNAL");
        Assert.Equal(2L, await user.CountAsync("done"));
        await user.ExecuteAsync($"INSERT INTO {s}.work VALUES (0)"); // can't be done
        await user.ExecuteAsync("SELECT df.signal($1, 'compact', '{}')", id);
        const string Failures =
            "SELECT max((status_details ->> 'failed_iterations')::int) FROM df.nodes WHERE instance_id = $1 AND node_type = 'LOOP'";
        await Poll.UntilAsync("the pass has failed", async () => await user.ScalarAsync<int?>(Failures, id) == 1);
        await user.ExecuteAsync($"UPDATE {s}.work SET n = 3");
        await user.ExecuteAsync("SELECT df.signal($1, 'compact', '{}')", id);
        await Poll.UntilAsync("the next one has done it", async () => await user.CountAsync("done") == 3);
        Assert.Equal("running", await user.ScalarAsync<string>("SELECT df.status($1)", id));

        await user.ExecuteAsync($"UPDATE {s}.job SET current = false");
        await user.ExecuteAsync("SELECT df.signal($1, 'compact', '{}')", id);
        Assert.Equal("completed", await user.EndAsync(id));
        Assert.Equal("\"stale\"", await user.ScalarAsync<string>("SELECT df.result($1)", id));
        Assert.Equal(3L, await user.ScalarAsync<long>($"SELECT count(*) FROM {s}.done WHERE by = $1", id));
        Assert.Equal(0L, await user.ScalarAsync<long>(
            "SELECT count(*) FROM df.nodes WHERE instance_id = $1 AND inferred_status IN ('pending', 'running')", id));
    }
}
