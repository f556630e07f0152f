using Npgsql;

namespace PgDurable.Worker.Tests.EndToEnd;

/// <summary>df.undo_on_cancel: what a cancelled instance has done is undone before it ends.</summary>
[Collection(WorkerCollection.Name)]
public sealed class UndoOnCancelTests(WorkerFixture fixture) : IAsyncLifetime
{
    TestUser _user = null!;

    public async Task InitializeAsync()
    {
        _user = await fixture.UserAsync();
        await _user.ExecuteAsync($"CREATE TABLE {_user.Schema}.log (id int GENERATED ALWAYS AS IDENTITY, word text)");
    }

    public async Task DisposeAsync() => await _user.DisposeAsync();

    [Fact]
    public async Task Cancel_WhileItWaits_UndoesInReverseOrderAndEndsAsCancelled()
    {
        var id = await _user.StartGraphAsync($"df.undo_on_cancel({Undone("a")} ~> {Undone("b")} ~> df.wait_for_signal('go'))");
        await _user.WaitingAsync(id, "SIGNAL");
        await Poll.UntilAsync("both steps have run", async () => await WordsAsync() == "a,b");

        await _user.ExecuteAsync("SELECT df.cancel($1, 'no longer $needed {x}')", id);

        Assert.Equal("cancelled", await _user.EndAsync(id));
        Assert.Equal("a,b,undo b,undo a", await WordsAsync());
        Assert.Equal(
            "canceled: no longer $needed {x}", await _user.ScalarAsync<string>("SELECT df.error($1)::json ->> 'message'", id));
        // The second request finds nothing to do.
        await _user.ExecuteAsync("SELECT df.cancel($1)", id);
        Assert.Equal("a,b,undo b,undo a", await WordsAsync());
    }

    [Fact]
    public async Task Cancel_WhileAStatementRuns_StopsItAndUndoesTheStepsBefore()
    {
        var id = await _user.StartGraphAsync($"df.undo_on_cancel({Undone("a")} ~> '{Sleep}')");
        await Poll.UntilAsync("the step sleeps", async () => await WordsAsync() == "a" && await SleepersAsync() == 1);

        await _user.ExecuteAsync("SELECT df.cancel($1)", id);

        Assert.Equal("cancelled", await _user.EndAsync(id));
        Assert.Equal("a,undo a", await WordsAsync());
        Assert.Equal(0, await SleepersAsync());
    }

    [Fact]
    public async Task Cancel_InsideTryLoopAndBranches_UndoesAllOfThemAndRunsNoHandler()
    {
        var body = $"df.try({Undone("in try")} ~> df.join({Undone("left")}, df.wait_for_signal('go')), {Log("handler")}, {Log("last")})";
        var id = await _user.StartGraphAsync($"df.undo_on_cancel({Undone("before")} ~> {body})");
        await Poll.UntilAsync("all steps have run", async () => await WordsAsync() == "before,in try,left");

        await _user.ExecuteAsync("SELECT df.cancel($1)", id);

        Assert.Equal("cancelled", await _user.EndAsync(id));
        Assert.Equal("before,in try,left,undo left,undo in try,undo before", await WordsAsync());
    }

    [Fact]
    public async Task Cancel_BeforeItHasBegun_RunsNothing()
    {
        await _user.ExecuteAsync("BEGIN");
        var id = await _user.StartGraphAsync($"df.undo_on_cancel({Undone("a")})");
        await _user.ExecuteAsync("SELECT df.cancel($1)", id);
        await _user.ExecuteAsync("COMMIT");

        Assert.Equal("cancelled", await _user.EndAsync(id));
        Assert.Equal("", await WordsAsync());
    }

    [Fact]
    public async Task Cancel_Paused_UndoesAllTheSame()
    {
        var id = await _user.StartGraphAsync($"df.undo_on_cancel({Undone("a")} ~> df.wait_for_signal('go'))");
        await _user.WaitingAsync(id, "SIGNAL");
        await _user.ExecuteAsync("SELECT df.pause($1)", id);

        await _user.ExecuteAsync("SELECT df.cancel($1)", id);

        Assert.Equal("cancelled", await _user.EndAsync(id));
        Assert.Equal("a,undo a", await WordsAsync());
    }

    [Fact]
    public async Task Cancel_ReasonOfManyMegabytes_IsCut()
    {
        var id = await _user.StartGraphAsync($"df.undo_on_cancel({Undone("a")} ~> df.wait_for_signal('go'))");
        await _user.WaitingAsync(id, "SIGNAL");

        await _user.ExecuteAsync("SELECT df.cancel($1, repeat('x', 20000000))", id);

        Assert.Equal("cancelled", await _user.EndAsync(id));
        Assert.Equal(10_010, await _user.ScalarAsync<int>("SELECT length(df.error($1)::json ->> 'message')", id));
    }

    // Nothing keeps a role from storing such a graph, and the worker itself cancels the runs of a schedule.
    [Theory]
    [InlineData("""{"node_type":"RACE","left_node":"sys_cancel\u0000"}""")]
    [InlineData("sys_cancel")]
    [InlineData("""{"node_type":"RACE","right_node":{"node_type":"THEN","left_node":{"node_type":"SIGNAL","query":"sys_cancel"}}}""")]
    public async Task Graph_OfOddText_NeverFailsTheQuestion(string graph)
    {
        var number = await _user.ScalarAsync<long>("INSERT INTO df.graphs (graph) VALUES ($1) RETURNING graph_id", graph);
        await fixture.Cluster.ExecuteAsync(
            $"""
             BEGIN;
             INSERT INTO df.submissions (graph_id) VALUES ({number});
             UPDATE df.queue q SET started_at = now() FROM df.submissions s WHERE q.instance_no = s.instance_no AND s.graph_id = {number};
             DO 'BEGIN ASSERT (SELECT NOT df._undoes_on_cancel(q.instance_no) FROM df.queue q JOIN df.submissions s USING (instance_no)
                               WHERE s.graph_id = {number} AND q.started_at IS NOT NULL); END';
             ROLLBACK
             """);
    }

    [Fact]
    public async Task Complete_NotCancelled_ReturnsTheResultOfTheGraphAndUndoesNothing()
    {
        var row = await _user.RunGraphAsync($"df.undo_on_cancel({Undone("a")} ~> 'SELECT 7 AS n')");

        Assert.Equal((7, "a"), (row.GetProperty("n").GetInt32(), await WordsAsync()));
    }

    [Fact]
    public async Task Fail_OfAStep_IsAFailureAsEver()
    {
        var error = await _user.ErrorAsync(await _user.StartGraphAsync($"df.undo_on_cancel({Undone("a")} ~> 'SELECT 1/0')"));

        Assert.Equal(("22012", "a,undo a"), (error.GetProperty("sqlstate").GetString(), await WordsAsync()));
    }

    [Fact]
    public async Task Terminate_WhileItUndoes_EndsItAtOnce()
    {
        var id = await _user.StartGraphAsync(
            $"df.undo_on_cancel({Undone("a")} ~> df.with_undo({Log("b")}, '{Sleep}') ~> df.wait_for_signal('go'))");
        await Poll.UntilAsync("both steps have run", async () => await WordsAsync() == "a,b");
        await _user.ExecuteAsync("SELECT df.cancel($1)", id);
        await Poll.UntilAsync("the undo sleeps", async () => await SleepersAsync() == 1);

        await _user.ExecuteAsync("SELECT df.terminate($1, 'it hangs')", id);

        Assert.Equal("cancelled", await _user.ScalarAsync<string>("SELECT df.status($1)", id));
        Assert.Equal("canceled: it hangs", await _user.ScalarAsync<string>("SELECT df.error($1)::json ->> 'message'", id));
        await Poll.UntilAsync("the statement is stopped", async () => await SleepersAsync() == 0);
        Assert.Equal("a,b", await WordsAsync());
    }

    [Fact]
    public async Task Cancel_OfTheParent_LetsTheChildUndoItsSteps()
    {
        await _user.ExecuteAsync(
            $"SELECT df.register_workflow('child', df.undo_on_cancel({Undone("child")} ~> df.wait_for_signal('go')))");
        var parent = await _user.StartGraphAsync("df.call('child')");
        await Poll.UntilAsync("the child has done its step", async () => await WordsAsync() == "child");
        var child = await _user.ScalarAsync<string>(
            "SELECT c.id FROM df.submissions c JOIN df.submissions p ON c.parent_no = p.instance_no WHERE p.id = $1", parent);
        await _user.WaitingAsync(child, "SIGNAL");

        await _user.ExecuteAsync("SELECT df.cancel($1)", parent);

        Assert.Equal("cancelled", await _user.EndAsync(parent));
        Assert.Equal("cancelled", await _user.EndAsync(child));
        Assert.Equal("child,undo child", await WordsAsync());
    }

    [Fact]
    public async Task Terminate_OfAnotherRolesInstance_IsRefused()
    {
        await using var mallory = await fixture.UserAsync();
        var id = await _user.StartGraphAsync($"df.undo_on_cancel({Undone("a")} ~> df.wait_for_signal('go'))");
        await _user.WaitingAsync(id, "SIGNAL");
        var number = await fixture.Cluster.ScalarAsync<long>($"SELECT instance_no FROM df.submissions WHERE id = '{id}'");

        var hidden = await Assert.ThrowsAsync<PostgresException>(() => mallory.ExecuteAsync("SELECT df.terminate($1)", id));
        var refused = await Assert.ThrowsAsync<PostgresException>(() => mallory.ExecuteAsync(
            $"INSERT INTO df.cancellations (instance_no, reason, forced) VALUES ({number}, 'evil', true)"));

        Assert.Equal((DurableErrorCodes.InstanceNotFound, PostgresErrorCodes.InsufficientPrivilege), (hidden.SqlState, refused.SqlState));
        Assert.Equal("running", await _user.ScalarAsync<string>("SELECT df.status($1)", id));
        await _user.ExecuteAsync("SELECT df.terminate($1)", id);
        Assert.Equal(("cancelled", "a"), (await _user.EndAsync(id), await WordsAsync()));
    }

    string Sleep => $"SELECT /* {_user.Schema} */ pg_sleep(600)";

    string Log(string word) => $"$$INSERT INTO {_user.Schema}.log (word) VALUES ('{word}')$$";

    string Undone(string word) => $"df.with_undo({Log(word)}, {Log("undo " + word)})";

    Task<string> WordsAsync() => fixture.Cluster.ScalarAsync<string>(
        $"SELECT coalesce(string_agg(word, ',' ORDER BY id), '') FROM {_user.Schema}.log");

    Task<long> SleepersAsync() => fixture.Cluster.SessionsAsync(
        $"query LIKE '%{_user.Schema}%pg_sleep(600)%' AND state = 'active'");
}
