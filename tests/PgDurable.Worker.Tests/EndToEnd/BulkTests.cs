using Npgsql;

namespace PgDurable.Worker.Tests.EndToEnd;

/// <summary>df.bulk with a worker. What it acts on is tested in SQL.</summary>
[Collection(WorkerCollection.Name)]
public sealed class BulkTests(WorkerFixture fixture)
{
    [Fact]
    public async Task Cancel_InManyBatches_TakesEachOnceAndNothingElse()
    {
        await using var user = await fixture.UserAsync();
        await using var other = await fixture.UserAsync();
        await WaitersAsync(user, 25);
        await WaitersAsync(other, 2);

        var bulk = await user.ScalarAsync<string>("SELECT df.bulk('cancel', 'label:waiter', batch_size => 4)");
        await WaitersAsync(user, 1);
        var result = (await user.ResultAsync(bulk)).GetProperty("rows")[0];

        int Number(string name) => result.GetProperty(name).GetInt32();
        Assert.Equal((25, 0, 25), (Number("done"), Number("failed"), Number("seen")));
        Assert.Equal("""{"done": 25, "seen": 25, "capped": false, "failed": 0, "expected": 25}""",
            await user.ScalarAsync<string>("SELECT df.state($1)::text", bulk));
        Assert.Equal((25L, 1L), (await CountAsync(user, "cancelled"), await CountAsync(user, "running", "pending")));
        Assert.Equal((0L, 2L), (await CountAsync(other, "cancelled"), await CountAsync(other, "running", "pending")));
        Assert.Equal(25L, await user.ScalarAsync<long>(
            "SELECT count(DISTINCT instance_id) FROM df.audit WHERE action = 'cancel' AND detail = 'bulk ' || $1", bulk));
    }

    [Fact]
    public async Task Cancel_SessionDiesInABatch_RunsThatBatchAgain()
    {
        await using var user = await fixture.UserAsync();
        await WaitersAsync(user, 9);
        await using var holder = await fixture.Cluster.ConnectAsync();
        await using var transaction = await holder.BeginTransactionAsync();
        await LockTheLastAsync(user, holder);
        var bulk = await user.ScalarAsync<string>("SELECT df.bulk('cancel', 'label:waiter', batch_size => 3)");
        var blocked = await BlockedByAsync(holder);

        await fixture.Cluster.ExecuteAsync($"SELECT pg_terminate_backend({blocked})");
        await BlockedByAsync(holder, not: blocked);
        // Two batches have committed.
        Assert.Equal((6L, 3L), (await CountAsync(user, "cancelled"), await CountAsync(user, "running", "pending")));
        await transaction.RollbackAsync();

        Assert.Equal(9, (await user.ResultAsync(bulk)).GetProperty("rows")[0].GetProperty("done").GetInt32());
        Assert.Equal(9L, await user.ScalarAsync<long>("SELECT count(*) FROM df.audit WHERE action = 'cancel'"));
    }

    [Fact]
    public async Task Cancel_OfTheBulk_KeepsWhatItHasDoneAndDoesNoMore()
    {
        await using var user = await fixture.UserAsync();
        await WaitersAsync(user, 4);
        await using var holder = await fixture.Cluster.ConnectAsync();
        await using var transaction = await holder.BeginTransactionAsync();
        await LockTheLastAsync(user, holder);
        var bulk = await user.ScalarAsync<string>("SELECT df.bulk('terminate', 'label:waiter', batch_size => 2)");
        await BlockedByAsync(holder);

        Assert.StartsWith("Instance", await user.ScalarAsync<string>("SELECT df.cancel($1)", bulk));
        await Poll.UntilAsync("the batch is stopped", async () =>
            await fixture.Cluster.ScalarAsync<long>($"SELECT count(*) FROM pg_stat_activity WHERE {BlockedBy(holder)}") == 0);
        await transaction.RollbackAsync();

        Assert.Equal((2L, 2L), (await CountAsync(user, "cancelled"), await CountAsync(user, "running", "pending")));
    }

    [Fact]
    public async Task Delete_OfEndedInstances_LeavesNothingOfThem()
    {
        await using var user = await fixture.UserAsync();
        for (var i = 0; i < 3; i++)
            await user.ResultAsync(await user.StartAsync("SELECT 1 AS n", label: "ended"));
        await user.ErrorAsync(await user.StartAsync("SELECT 1/0", label: "ended", key: "once"));
        await WaitersAsync(user, 1);
        var numbers = await user.ScalarAsync<long[]>("SELECT array_agg(instance_no) FROM df.submissions WHERE label = 'ended'");

        var bulk = await user.ScalarAsync<string>("SELECT df.bulk('delete', '-status:running', 'asked to be forgotten', batch_size => 2)");
        Assert.Equal(4, (await user.ResultAsync(bulk)).GetProperty("rows")[0].GetProperty("done").GetInt32());

        Assert.Equal(0L, await fixture.Cluster.ScalarAsync<long>(
            string.Join(" + ", ((string[])["submissions", "outcomes", "checkpoints", "queue", "deletions"]).Select(table =>
                $"(SELECT count(*) FROM df.{table} WHERE instance_no = ANY ('{{{string.Join(',', numbers)}}}'))")).Insert(0, "SELECT ")));
        Assert.Equal(4L, await user.ScalarAsync<long>(
            $"SELECT count(*) FROM df.audit WHERE action = 'delete' AND detail = 'asked to be forgotten (bulk {bulk})'"));
        Assert.Equal(1L, await CountAsync(user, "running", "pending"));
        // The key is free again.
        Assert.Equal("3", (await user.ResultAsync(await user.StartAsync("SELECT 3 AS n", key: "once"))).GetProperty("rows")[0]
            .GetProperty("n").ToString());
    }

    // Everything that a step, a trigger or a policy calls is found in pg_catalog or df, whatever the role has put before it.
    [Fact]
    public async Task Bulk_RoleWithASearchPathFullOfTraps_FallsIntoNone()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync(
            $"""
             CREATE TABLE {user.Schema}.trapped (what text);
             CREATE FUNCTION {user.Schema}.trap(text) RETURNS text LANGUAGE plpgsql AS $f$
             BEGIN INSERT INTO {user.Schema}.trapped VALUES ($1); RETURN $1; END $f$;
             CREATE FUNCTION {user.Schema}.equals(bigint, bigint) RETURNS boolean LANGUAGE plpgsql AS $f$
             BEGIN INSERT INTO {user.Schema}.trapped VALUES ('='); RETURN true; END $f$;
             CREATE OPERATOR {user.Schema}.= (FUNCTION = {user.Schema}.equals, LEFTARG = bigint, RIGHTARG = bigint);
             CREATE FUNCTION {user.Schema}.now() RETURNS timestamptz LANGUAGE sql AS $f$ SELECT {user.Schema}.trap('now')::timestamptz $f$;
             CREATE FUNCTION {user.Schema}.concat(text, text) RETURNS text LANGUAGE sql AS $f$ SELECT {user.Schema}.trap('concat') $f$
             """);
        await fixture.Cluster.ExecuteAsync($"ALTER ROLE {user.Role} SET search_path = {user.Schema}, pg_catalog");
        await WaitersAsync(user, 3);
        foreach (var action in (string[])["pause", "resume", "cancel", "delete"])
        {
            await user.ExecuteAsync($"SET search_path = {user.Schema}, pg_catalog");
            var bulk = await user.ScalarAsync<string>("SELECT df.bulk($1, 'label:waiter', batch_size => 2)", action);
            Assert.Equal(3, (await user.ResultAsync(bulk)).GetProperty("rows")[0].GetProperty("done").GetInt32());
        }

        Assert.Equal(0L, await user.ScalarAsync<long>($"SELECT count(*) FROM {user.Schema}.trapped"));
    }

    private static async Task WaitersAsync(TestUser user, int count)
    {
        await user.ExecuteAsync(
            $"SELECT count(df.start_graph(df.wait_for_signal('go'), label => 'waiter')) FROM generate_series(1, {count})");
        await Poll.UntilAsync(
            "they wait", async () => await user.ScalarAsync<long>("SELECT count(*) FROM df.queue WHERE waits IS NULL") == 0);
    }

    private static Task<long> CountAsync(TestUser user, params string[] statuses) =>
        user.ScalarAsync<long>("SELECT count(*) FROM df.instances WHERE label = 'waiter' AND status = ANY ($1)", (object)statuses);

    private async Task<int> BlockedByAsync(NpgsqlConnection holder, int not = 0)
    {
        var found = 0;
        await Poll.UntilAsync("a batch is blocked", async () =>
        {
            found = await fixture.Cluster.ScalarAsync<int>(
                $"SELECT COALESCE(min(pid), 0) FROM pg_stat_activity WHERE pid <> {not} AND {BlockedBy(holder)}");
            return found != 0;
        });
        return found;
    }

    private static string BlockedBy(NpgsqlConnection holder) => $"{holder.ProcessID} = ANY (pg_blocking_pids(pid))";

    private static async Task LockTheLastAsync(TestUser user, NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(
            $"""
             SELECT FROM df.queue q
              WHERE q.instance_no = (SELECT s.instance_no FROM df.submissions s WHERE s.submitted_by = '{user.Role}'::regrole
                                      ORDER BY s.created_at, s.id DESC LIMIT 1)
                FOR UPDATE
             """,
            connection);
        await command.ExecuteNonQueryAsync();
    }
}
