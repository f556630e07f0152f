using Npgsql;

namespace PgDurable.Extension.Tests.Store;

/// <summary>
/// The checkpoint of a step, in two implementations that must behave alike: C, and PL/pgSQL where the module can't be loaded.
/// </summary>
[Collection(StoreCollection.Name)]
public sealed partial class CommitStepTests(StoreFixture fixture)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CommitStep_Checkpoint_IsReadBackAsItWas(bool native)
    {
        await using var step = await StepAsync(native);
        await step.RunAsync("SELECT 1", """1, '3:2', 7, 2, '2026-01-02 03:04:06Z', '{"a":1}', '[["a","int4"]]', false, NULL""");
        Assert.Equal("""1|3:2|7|2|{"a":1}|[["a","int4"]]""", await step.Worker.ScalarAsync<string>(
            """
            SELECT concat_ws('|', node, path, seq, attempt, result, columns) FROM df.checkpoints
             WHERE finished_at = '2026-01-02 03:04:06Z' AND started_at > now() - interval '1 minute'
            """));
        Assert.Equal(1, await step.Worker.CountAsync("queue"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CommitStep_TableWithTriggersIndexesAndChecksOfAnAdministrator_KeepsThem(bool native)
    {
        await using var step = await StepAsync(native);
        await using var admin = await fixture.Cluster.ConnectAsync(native ? null : "portable");
        await using var change = new NpgsqlCommand(
            """
            CREATE TABLE public.seen (node integer);
            GRANT INSERT ON public.seen TO PUBLIC;
            CREATE FUNCTION public.see() RETURNS trigger LANGUAGE plpgsql AS
                'BEGIN INSERT INTO public.seen VALUES (NEW.node); RETURN NULL; END';
            CREATE TRIGGER see AFTER INSERT ON df.checkpoints FOR EACH ROW EXECUTE FUNCTION public.see();
            CREATE INDEX of_admin ON df.checkpoints ((result ->> 'a')) WHERE node > 0;
            ALTER TABLE df.checkpoints ADD CONSTRAINT few_nodes CHECK (node < 10);
            """, admin);
        await change.ExecuteNonQueryAsync();
        try
        {
            await step.RunAsync("SELECT 1", """1, '', 0, 1, now(), '{"a":"x"}', NULL, false, NULL""");
            await using var look = new NpgsqlCommand(
                """
                SET enable_seqscan = off;
                SELECT concat_ws('|', (SELECT string_agg(node::text, ',') FROM public.seen),
                                 (SELECT count(*) FROM df.checkpoints WHERE result ->> 'a' = 'x' AND node > 0))
                """, admin);
            Assert.Equal("1|1", await look.ExecuteScalarAsync());
            var error = await Assert.ThrowsAsync<PostgresException>(
                () => step.RunAsync("SELECT 1", "10, '', 1, 1, now(), '{}', NULL, false, NULL"));
            Assert.Equal(("23514", "few_nodes"), (error.SqlState, error.ConstraintName));
        }
        finally
        {
            await using var undo = new NpgsqlCommand(
                "ALTER TABLE df.checkpoints DROP CONSTRAINT few_nodes; DROP INDEX df.of_admin; DROP TRIGGER see ON df.checkpoints; "
                    + "DROP FUNCTION public.see(); DROP TABLE public.seen", admin);
            await undo.ExecuteNonQueryAsync();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CommitStep_SameExecutionTwice_IsFenced(bool native)
    {
        await using var step = await StepAsync(native);
        await step.RunAsync("SELECT 1", "0, '', 0, 1, now(), '{}', NULL, false, NULL");
        var error =
            await Assert.ThrowsAsync<PostgresException>(() => step.RunAsync("SELECT 1", "0, '', 1, 1, now(), '{}', NULL, true, NULL"));
        Assert.Equal(("23505", "checkpoints"), (error.SqlState, error.TableName));
        Assert.Equal(1, await step.Worker.CountAsync("queue"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CommitStep_NotInHand_IsFenced(bool native)
    {
        await using var step = await StepAsync(native);
        await step.Worker.ExecuteAsync("SELECT df._worker_release($1, ARRAY[$2], '0')", step.Worker.Id, step.Instance);
        var error =
            await Assert.ThrowsAsync<PostgresException>(() => step.RunAsync("SELECT 1", "0, '', 0, 1, now(), '{}', NULL, true, NULL"));
        Assert.Equal("DF001", error.SqlState);
        Assert.Equal(0, await step.Worker.CountAsync("checkpoints"));
    }

    // A step's own cancellation commits with the step, whether or not the instance completes. After losing the instance to another
    // worker, nothing commits.
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public async Task CommitStep_OfAStepThatCancelsItsOwnInstance_KeepsBoth(bool native, bool completes)
    {
        await using var step = await StepAsync(native);
        var cancel = $"DO $x$ BEGIN BEGIN PERFORM df.cancel(id, 'enough') FROM df.submissions WHERE instance_no = {step.Instance}; "
            + "EXCEPTION WHEN division_by_zero THEN NULL; END; END $x$";
        Assert.Equal("False", await step.RunAsync(cancel, $"0, '', 0, 1, now(), '{{}}', NULL, {completes}, NULL"));
        Assert.Equal("cancelled", await step.Worker.ScalarAsync<string>("SELECT status FROM df.outcomes"));
        Assert.Equal(1, await step.Worker.CountAsync("checkpoints"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CommitStep_OfAStepThatCancelsAnInstanceItHasLost_IsFenced(bool native)
    {
        await using var step = await StepAsync(native);
        await step.Worker.ExecuteAsync("SELECT df._worker_release($1, ARRAY[$2], '0')", step.Worker.Id, step.Instance);
        var cancel = $"SELECT df.cancel(id) FROM df.submissions WHERE instance_no = {step.Instance}";
        var error = await Assert.ThrowsAsync<PostgresException>(() => step.RunAsync(cancel, "0, '', 0, 1, now(), '{}', NULL, true, NULL"));
        Assert.Equal("DF001", error.SqlState);
        Assert.Equal(1, await step.Worker.CountAsync("queue"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CommitStep_AfterSomebodyElseHasCancelled_IsFenced(bool native)
    {
        await using var step = await StepAsync(native);
        await using var user = native
            ? await fixture.UserAsync()
            : new TestSession(await fixture.Cluster.ConnectAsync("portable", "carol"));
        await user.ExecuteAsync("SELECT df.cancel($1)", await user.IdAsync(step.Instance));
        var error =
            await Assert.ThrowsAsync<PostgresException>(() => step.RunAsync("SELECT 1", "0, '', 0, 1, now(), '{}', NULL, true, NULL"));
        Assert.Equal("DF001", error.SqlState);
        Assert.Equal(0, await step.Worker.CountAsync("checkpoints"));
    }

    [Theory]
    [InlineData(true, "NULL", "0||")]
    [InlineData(false, "NULL", "0||")]
    [InlineData(true, "'[1,2]'", "[1,2]")]
    [InlineData(false, "'[1,2]'", "[1,2]")]
    [InlineData(true, "'null'", "null")]
    [InlineData(false, "'null'", "null")]
    public async Task CommitStep_LastStep_EndsTheInstance(bool native, string outcome, string expected)
    {
        await using var step = await StepAsync(native);
        await step.Worker.SignalAsync(step.Instance, "never taken");
        await step.RunAsync("SELECT 1", $"0, '', 0, 1, now(), '{{}}', NULL, true, {outcome}");
        Assert.Equal(expected, await step.Worker.ScalarAsync<string>(
            "SELECT COALESCE(concat(result_node, '|' || result_path || '|'), '') || COALESCE(result::text, '') FROM df.outcomes "
                + "WHERE started_at IS NOT NULL"));
        Assert.Equal(0, await step.Worker.CountAsync("queue"));
        Assert.Equal(0, await step.Worker.CountAsync("signals"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CommitStep_LastStepOfAWatchedInstance_TellsThatOnce(bool native)
    {
        await using var step = await StepAsync(native);
        await using var ear = await Ear.ListenAsync(fixture, native ? null : "portable");
        await step.Worker.ExecuteAsync("SELECT df.watch(id) FROM df.submissions WHERE instance_no = $1", step.Instance);
        await step.RunAsync("SELECT 1", "0, '', 0, 1, now(), '{}', NULL, true, NULL");
        Assert.Equal(0, await step.Worker.CountAsync("watches"));
        Assert.Equal([await step.Worker.IdAsync(step.Instance)], await ear.HeardAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CommitStep_LastStepOfAChild_WakesTheParent(bool native)
    {
        await using var step = await StepAsync(native);
        await step.RegisterChildAsync();
        await step.Worker.StartChildAsync(step.Instance);
        await step.Worker.ParkAsync(step.Instance);
        var child = (await step.Worker.ClaimOneAsync()).Instance;
        await step.RunAsync("SELECT 1", "0, '', 0, 1, now(), '{}', NULL, true, NULL", child);
        Assert.Equal(step.Instance, (await step.Worker.ClaimOneAsync()).Instance);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CommitStep_LastStepOfAParent_EndsItsChildren(bool native)
    {
        await using var step = await StepAsync(native);
        await step.RegisterChildAsync();
        var child = (await step.Worker.StartChildAsync(step.Instance))!;
        await step.RunAsync("SELECT 1", "0, '', 0, 1, now(), '{}', NULL, true, NULL");
        await step.Worker.ClaimAsync(0);
        Assert.Equal("cancelled", await step.Worker.ScalarAsync<string>("SELECT df.status($1)", child));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CommitStep_WhileACancellationIsOpen_WaitsForNobody(bool native)
    {
        await using var step = await StepAsync(native);
        await using var user = native
            ? await fixture.UserAsync()
            : new TestSession(await fixture.Cluster.ConnectAsync("portable", "carol"));
        await user.ExecuteAsync("BEGIN");
        await user.ExecuteAsync("SELECT df.cancel($1)", await user.IdAsync(step.Instance));
        var error =
            await Assert.ThrowsAsync<PostgresException>(() => step.RunAsync("SELECT 1", "0, '', 0, 1, now(), '{}', NULL, true, NULL"));
        Assert.Equal("55P03", error.SqlState);
        await user.ExecuteAsync("ROLLBACK");
        await step.RunAsync("SELECT 1", "0, '', 0, 1, now(), '{}', NULL, true, NULL");
    }

    async Task<Step> StepAsync(bool native)
    {
        await fixture.EmptyAsync(native ? null : "portable");
        var worker = native ? await fixture.WorkerAsync() : await TestWorker.RegisterAsync(fixture.Cluster, "portable", "carol");
        var step = new Step(fixture.Cluster, worker, native ? "alice" : "carol");
        await step.BeginAsync();
        return step;
    }
}
