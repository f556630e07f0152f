namespace PgDurable.Worker.Tests.Maintenance;

/// <summary>pg_dump of a database that workflows run in, restored into another cluster.</summary>
[Trait("Needs", "pg_dump")]
public sealed class DumpTests
{
    private const string Role = """an "odd" Rôle""";

    [Theory]
    [InlineData("--format=custom", "--single-transaction")]
    [InlineData("--format=custom", "--jobs=2")]
    [InlineData("--format=custom --inserts", "")]
    public async Task Dump_RestoredIntoAnotherCluster_GoesOn(string dumpOptions, string restoreOptions)
    {
        var folder = Directory.CreateTempSubdirectory("pgd-dump-");
        try
        {
            var (dump, roles) = (Path.Combine(folder.FullName, "dump"), Path.Combine(folder.FullName, "roles.sql"));
            var source = await SourceAsync(dump, roles, dumpOptions.Split(' '));

            await using var target = await PgCluster.StartAsync(
                new() { Worker = true, Settings = new Dictionary<string, string> { ["max_connections"] = "200" } });
            await target.RunProgramAsync("psql", "-Xq", "-f", roles);
            await target.RunProgramAsync(
                "pg_restore", [.. restoreOptions.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--dbname=postgres", dump]);
            await target.WorkerIdAsync();

            if (restoreOptions != "--single-transaction")
            {
                // pg_restore keeps warnings to itself.
                Assert.Contains("df.resume_restored()", await target.LogAsync());
                // Nobody's until somebody says that all is there, however often a worker looks for orphans.
                await target.ScalarAsync<int[]>("SELECT df._worker_rescue(-1)");
                Assert.Equal(0L, await target.ScalarAsync<long>("SELECT count(*) FROM df.queue WHERE worker_id IS DISTINCT FROM 0"));
                Assert.StartsWith(
                    "restored", await target.ScalarAsync<string>("SELECT problem FROM df.schedules"), StringComparison.Ordinal);
                Assert.Equal(2L, await target.ScalarAsync<long>("SELECT df.resume_restored()"));
                Assert.Equal(0L, await target.ScalarAsync<long>("SELECT df.resume_restored()"));
            }
            await AssertGoesOnAsync(target, source);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // Whoever adds a trigger has to think of the rows that COPY brings.
    [Fact]
    public async Task Triggers_All_SayWhenTheyFire()
    {
        await using var cluster = await Clusters.WithExtensionAsync(worker: false);
        Assert.Equal("", await cluster.ScalarAsync<string>(
            """
            SELECT coalesce(string_agg(t.tgname || ' of ' || t.tgrelid::regclass, ', '), '')
              FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
             WHERE c.relnamespace = 'df'::regnamespace AND c.relkind = 'r' AND NOT t.tgisinternal
               AND (t.tgtype & 4) <> 0 AND t.tgqual IS NULL
               -- To wake an instance for nothing does no harm, nor to hold the tasks of a paused one; and no dump has watches
               -- or deletions.
               AND t.tgfoid NOT IN ('df._touched()'::regprocedure, 'df._tasks_held()'::regprocedure, 'df._watched()'::regprocedure,
                                    'df._deleted()'::regprocedure)
            """));
        Assert.Equal("", await cluster.ScalarAsync<string>(
            """
            SELECT coalesce(string_agg(c.relname, ', '), '') FROM pg_class c CROSS JOIN pg_extension e
             WHERE c.relnamespace = 'df'::regnamespace AND c.relkind IN ('r', 'S')
               AND e.extname = 'pg_durable' AND c.oid <> ALL (e.extconfig)
            """));
    }

    sealed record Source(
        string Schema, string Finished, string Failed, string Cancelled, string Running, string Waiting, long LastInstance);

    // A cluster with one instance of each kind, dumped while one runs.
    static async Task<Source> SourceAsync(string dump, string roles, string[] options)
    {
        await using var cluster = await Clusters.WithExtensionAsync(worker: true);
        await using var user = await TestUser.CreateAsync(cluster, Role);
        await user.ExecuteAsync($"CREATE TABLE {user.Schema}.t (step text)");
        await using var gate = await Gate.CloseAsync(cluster);

        var finished = await user.StartAsync("SELECT 42 AS n", label: "finished", key: "once");
        await user.ResultAsync(finished);
        var failed = await user.StartAsync("SELECT 1/0");
        await user.ErrorAsync(failed);
        var cancelled = await user.StartAsync($"SELECT {gate.Pass}");
        await user.ScalarAsync<string>("SELECT df.cancel($1, 'no more')", cancelled);
        var running = await user.StartAsync(Graphs.Sequence(
            $"INSERT INTO {user.Schema}.t VALUES ('first')", $"INSERT INTO {user.Schema}.t VALUES ('second ' || {gate.Pass})"));
        await gate.WaitedForAsync();
        var waiting = await WaitingAsync(user);

        await user.ExecuteAsync("SELECT df.register_workflow('w', 'SELECT 1')");
        await user.ExecuteAsync("SELECT df.schedule('nightly', '@yearly', 'w')");
        await Poll.UntilAsync(
            "a worker has seen the schedule", () => user.ScalarAsync<bool>("SELECT next_run IS NOT NULL FROM df.schedules"));

        await cluster.RunProgramAsync("pg_dump", [.. options, "--file=" + dump]);
        await cluster.RunProgramAsync("pg_dumpall", "--roles-only", "--no-role-passwords", "--file=" + roles);
        return new Source(user.Schema, finished, failed, cancelled, running, waiting,
            await cluster.ScalarAsync<long>("SELECT max(instance_no) FROM df.submissions"));
    }

    // One that waits for a signal, and for nothing else.
    static async Task<string> WaitingAsync(TestUser user)
    {
        var id = await user.ScalarAsync<string>("SELECT df.start(df.wait_for_signal('go') ~> 'SELECT 7 AS n')");
        await Poll.UntilAsync("it waits", () => user.ScalarAsync<bool>(
            "SELECT count(*) = 1 FROM df.queue q JOIN df.submissions s USING (instance_no) WHERE s.id = $1 AND q.worker_id IS NULL "
                + "AND q.waits IS NOT NULL", id));
        return id;
    }

    static async Task AssertGoesOnAsync(PgCluster target, Source source)
    {
        await using var user = await TestUser.ExistingAsync(target, Role, source.Schema);
        await user.ResultAsync(source.Running);
        Assert.Equal(
            "first, second ", await target.ScalarAsync<string>($"SELECT string_agg(step, ', ' ORDER BY step) FROM {source.Schema}.t"));

        Assert.Equal(42, (await user.ResultAsync(source.Finished)).GetProperty("rows")[0].GetProperty("n").GetInt32());
        Assert.Equal("division by zero", (await user.ErrorAsync(source.Failed)).GetProperty("message").GetString());
        Assert.Equal("cancelled", await user.EndAsync(source.Cancelled));
        Assert.Equal("running", await user.ScalarAsync<string>("SELECT df.status($1)", source.Waiting));
        // What finished there is not done again here.
        Assert.Equal(1L, await target.ScalarAsync<long>("SELECT count(*) FROM df.queue"));
        await user.ScalarAsync<string>("SELECT df.signal($1, 'go', '{}')", source.Waiting);
        Assert.Equal(7, (await user.ResultAsync(source.Waiting)).GetProperty("rows")[0].GetProperty("n").GetInt32());

        await Poll.UntilAsync("the schedule goes on", () =>
            user.ScalarAsync<bool>("SELECT coalesce(next_run > now(), false) AND last_run IS NULL FROM df.schedules"));
        Assert.Equal(source.Finished, await user.StartAsync("SELECT 1", key: "once"));
        await user.ResultAsync(await user.StartAsync("SELECT 'a new graph'"));
        Assert.True(await target.ScalarAsync<long>("SELECT max(instance_no) FROM df.submissions") > source.LastInstance);
        Assert.True(await target.ScalarAsync<bool>("SELECT count(*) = count(DISTINCT graph_id) FROM df.graphs"));
    }
}
