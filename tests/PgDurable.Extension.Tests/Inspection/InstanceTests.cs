using Npgsql;

namespace PgDurable.Extension.Tests.Inspection;

/// <summary>
/// What SQL shows of one instance: executions, nodes, history, result, error, and the views df.running, df.waiting and df.failed.
/// </summary>
[Collection(InspectionCollection.Name)]
public sealed class InstanceTests(InspectionFixture fixture)
{
    [Fact]
    public async Task Executions_OfRootLoop_AreItsLastIterations()
    {
        var instance = await RecordedInstance.StartAsync(fixture, "df.loop('a' ~> 'b')");
        await instance.CarryAsync(0, 3, "0:11", """{"result": 1, "names": {}}""");
        await instance.CarryAsync(0, 3, "0:12");
        await instance.RecordAsync("2@0:13");
        Assert.Equal(["13 Running 1 0 ", """12 ContinuedAsNew 1 0 {"result":1,"names":{},"undos":[]}""",
            """11 ContinuedAsNew 1 0 {"result":1,"names":{}}"""],
            await instance.ListAsync(
                "SELECT concat(execution_id, ' ', status, ' ', event_count, ' ', LEAST(duration_ms, 0), ' ', output) "
                    + "FROM df.instance_executions($1)"));
        Assert.Equal(["13", "12"], await instance.ListAsync("SELECT execution_id FROM df.instance_executions($1, 2)"));
        Assert.Equal("13", await instance.TextAsync("SELECT current_execution_id FROM df.instance_info($1)"));
    }

    [Fact]
    public async Task Executions_OfAnyOtherGraph_AreOne()
    {
        // The wait between attempts is a row of the root too, but it isn't an execution.
        var retry = await RecordedInstance.StartAsync(fixture, "df.retry('a', retry_on => ARRAY['22'])");
        await retry.RecordAsync("1@0:1!no", "0@0:1={}", "1@0:2=5");
        await retry.CompleteAsync(1, "0:2");
        Assert.Equal(["1 Completed 3 5"],
            await retry.ListAsync("SELECT concat_ws(' ', execution_id, status, event_count, output) FROM df.instance_executions($1)"));
        Assert.Equal("t", await retry.TextAsync("SELECT left((duration_ms >= 0)::text, 1) FROM df.instance_executions($1)"));

        var failed = await (await RecordedInstance.StartAsync(fixture, "'a'")).FailAsync();
        Assert.Equal(["1 Failed 0 it broke"],
            await failed.ListAsync("SELECT concat_ws(' ', execution_id, status, event_count, output) " +
                "FROM df.instance_executions($1, 100000)"));
    }

    [Fact]
    public async Task Executions_LimitBelowOne_IsRefused()
    {
        var instance = await RecordedInstance.StartAsync(fixture, "'a'");
        var e = await Assert.ThrowsAsync<PostgresException>(() => instance.TextAsync("SELECT * FROM df.instance_executions($1, 0)"));
        Assert.Equal("limit_count must be at least 1", e.MessageText);
    }

    [Fact]
    public async Task InstanceNodes_BothForms_AreTheNodes()
    {
        var instance = await RecordedInstance.StartAsync(fixture, "('a' |=> 'x') ~> 'b'");
        await instance.RecordAsync("1=7", "2!no");
        await instance.FailAsync("no");
        Assert.Equal(["THEN|00000001|00000002|failed|\"no\"|failed", "SQL|a|x|completed|7|completed", "SQL|b|failed|\"no\"|failed"],
            await instance.ListAsync(
                "SELECT concat_ws('|', node_type, query, result_name, left_node, right_node, status, result, inferred_status) " +
                "FROM df.instance_nodes($1) ORDER BY node_id"));
        Assert.Equal(["1 00000000", "1 00000001", "1 00000002"],
            await instance.ListAsync("SELECT concat_ws(' ', execution_id, node_id) FROM df.instance_nodes($1, 3) ORDER BY 1"));
    }

    [Fact]
    public async Task History_OfLoop_NamesStepsAndIterations()
    {
        var instance = await RecordedInstance.StartAsync(fixture,
            "df.loop(df.retry('SELECT   1', 2, retry_on => ARRAY['22']) ~> df.sleep(0) ~> ('b' |=> 'n'))");
        await instance.CarryAsync(0, 7, "0:1");
        await instance.RecordAsync("4@0:2/3:1!no", "3@0:2/3:1={}", "4@0:2/3:2", "5@0:2={}", "6@0:2");
        Assert.Equal(
            ["LOOP|0:1|1|completed", "SELECT 1|0:2/3:1|2|failed|no", "RETRY|0:2/3:1|2|completed", "SELECT 1|0:2/3:2|2|completed|1",
             "0|0:2|2|completed", "n|0:2|2|completed|1"],
            (await instance.ListAsync("SELECT concat_ws('|', step, path, iteration, status, rows, error) FROM df.history($1)"))
                .Select(line => line.StartsWith('{') ? "RETRY" + line[line.IndexOf('|', StringComparison.Ordinal)..] : line));
        Assert.Equal(["7"],
            (await instance.ListAsync("SELECT worker FROM df.history($1) WHERE duration >= interval '0' AND attempt = 1")).Distinct());
    }

    [Fact]
    public async Task Result_OfJoin_IsTheOutcomes()
    {
        var instance = await RecordedInstance.StartAsync(fixture, "df.join('a', 'b')");
        await instance.RecordAsync("1=1", "2=2");
        await instance.CompleteAsync(result: "[1, 2]");
        Assert.Equal("[1, 2]", await instance.TextAsync("SELECT df.result($1)"));
        Assert.Equal("[1,2]", await instance.TextAsync("SELECT output FROM df.instance_info($1)"));
        Assert.Equal("completed", await instance.TextAsync("SELECT df.status($1)"));
        Assert.Equal("", await instance.TextAsync("SELECT df.error($1)"));
    }

    [Fact]
    public async Task Failed_Instance_SaysWhatAndWhere()
    {
        var instance = await RecordedInstance.StartAsync(fixture, "'a' ~> 'b'", label: "sums");
        await instance.RecordAsync("1", "2!division by zero");
        await instance.SuperuserAsync(
            """
            WITH ended AS (DELETE FROM df.queue WHERE instance_no = @no RETURNING instance_no)
            INSERT INTO df.outcomes (instance_no, status, error)
            SELECT e.instance_no, 'failed', c.error FROM ended e JOIN df.checkpoints c USING (instance_no) WHERE c.node = 2
            """);
        Assert.Equal("sums|division by zero|22012|s|00000002|1|SELECT 1/0|try again", await instance.TextAsync(
            "SELECT concat_ws('|', label, message, sqlstate, step, node, attempt, sql, detail, hint) FROM df.failed WHERE id = $1"));
        Assert.Equal("message,sqlstate,hint,node,step,attempt,sql",
            await instance.TextAsync("SELECT string_agg(k, ',') FROM json_object_keys(df.error($1)::json) k"));
        Assert.Equal("", await instance.TextAsync("SELECT df.result($1)"));
    }

    [Fact]
    public async Task Running_Instance_ShowsTheStepThatItIsAt()
    {
        var instance = await RecordedInstance.StartAsync(fixture, "'a' ~> df.join('SELECT 1' |=> 'left', 'SELECT   2')", label: "two");
        await instance.RecordAsync("1");
        Assert.Equal("two|left, SELECT 2|7", await instance.TextAsync(
            "SELECT concat_ws('|', label, step, worker) FROM df.running WHERE id = $1 AND running_for < interval '1 day'"));
        Assert.Empty(await instance.ListAsync("SELECT 1 FROM df.waiting WHERE id = $1"));
    }

    [Fact]
    public async Task Waiting_Instance_ShowsForWhatAndUntilWhen()
    {
        var instance = await RecordedInstance.StartAsync(fixture, "df.join(df.wait_for_signal('go'), df.sleep(60))", label: "w");
        await instance.SuperuserAsync(
            """
            UPDATE df.queue SET worker_id = NULL, due_at = '2030-01-01 00:00+00',
                   waits = '[{"node":1,"path":"","kind":"SIGNAL","name":"go"},
                             {"node":2,"path":"","kind":"SLEEP","until":"2030-01-01T00:00:00Z"}]'
             WHERE instance_no = @no
            """);
        Assert.Equal(["SIGNAL|go|00000001||false", "SLEEP|00000002||2030|false"], await instance.ListAsync(
            "SELECT concat_ws('|', kind, name, node, path, extract(year FROM until AT TIME ZONE 'UTC'), paused::text) " +
            "FROM df.waiting WHERE id = $1 ORDER BY node"));

        await instance.TextAsync("SELECT df.pause($1)");
        Assert.Equal(["true"], (await instance.ListAsync("SELECT paused::text FROM df.waiting WHERE id = $1")).Distinct());
        await instance.SuperuserAsync("""UPDATE df.queue SET waits = '[{"kind":"PAUSED"}]', due_at = 'infinity' WHERE instance_no = @no""");
        Assert.Equal(["PAUSED"], await instance.ListAsync("SELECT kind FROM df.waiting WHERE id = $1 AND until IS NULL"));
        await instance.TextAsync("SELECT df.resume($1)");
        Assert.Equal(["WORKER"], await instance.ListAsync("SELECT kind FROM df.waiting WHERE id = $1"));
    }

    [Fact]
    public async Task Waiting_RestoredInstance_WaitsForResumeRestoredAndDoesNotRun()
    {
        var instance = await RecordedInstance.StartAsync(fixture, "df.wait_for_signal('go')");
        await instance.SuperuserAsync(
            """UPDATE df.queue SET worker_id = 0, waits = '[{"node":0,"path":"","kind":"SIGNAL","name":"go"}]' WHERE instance_no = @no""");
        Assert.Empty(await instance.ListAsync("SELECT 1 FROM df.running WHERE id = $1"));
        Assert.Equal(["RESTORED"], await instance.ListAsync("SELECT concat(kind, name, until, node, path) FROM df.waiting WHERE id = $1"));

        await instance.SuperuserAsync("SELECT df.resume_restored()");
        Assert.Equal(["SIGNAL go"], await instance.ListAsync("SELECT concat_ws(' ', kind, name) FROM df.waiting WHERE id = $1"));
    }

    [Fact]
    public async Task Waiting_InstanceThatHasNotBegun_WaitsForAWorkerOrItsTime()
    {
        var instance = await RecordedInstance.StartAsync(fixture, "'a'", pending: true);
        Assert.Equal("WORKER", await instance.TextAsync("SELECT kind FROM df.waiting WHERE id = $1"));
        await instance.SuperuserAsync("UPDATE df.queue SET due_at = '2030-01-01' WHERE instance_no = @no");
        Assert.Equal("START", await instance.TextAsync("SELECT kind FROM df.waiting WHERE id = $1 AND until > now()"));
    }

    [Fact]
    public async Task Metrics_Server_CountsInstancesOfAllRoles()
    {
        const string Counts =
            "SELECT concat_ws(' ', total_instances, running_instances, completed_instances, failed_instances, total_executions) "
                + "FROM df.metrics()";
        var before = (await fixture.TextAsync("postgres", Counts)).Split(' ').Select(long.Parse).ToArray();
        await (await RecordedInstance.StartAsync(fixture, "'a'", "dave")).CompleteAsync(result: "1");
        await (await RecordedInstance.StartAsync(fixture, "'a'")).FailAsync();
        await (await RecordedInstance.StartAsync(fixture, "'a'")).CancelAsync();
        await RecordedInstance.StartAsync(fixture, "'a'", pending: true);
        await (await RecordedInstance.StartAsync(fixture, "df.loop('a')")).CarryAsync(0, 1, "0:3");
        var after = (await fixture.TextAsync("postgres", Counts)).Split(' ').Select(long.Parse).ToArray();
        Assert.Equal([5, 1, 1, 2, 8], after.Zip(before, (a, b) => a - b));
        var e = await Assert.ThrowsAsync<PostgresException>(() => fixture.TextAsync("carol", Counts));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, e.SqlState);
    }

    public static TheoryData<string> Calls =>
    [
        "df.status($1)", "df.result($1)", "df.error($1)", "df.instance_info($1)", "df.instance_executions($1)", "df.instance_nodes($1)",
        "df.instance_nodes($1, 5)", "df.history($1)", "df.explain($1)", "df.cancel($1)", "df.signal($1, 'n')", "df.pause($1)",
        "df.resume($1)",
        "df.retry_instance($1)", "df.await_instance($1, 1)",
    ];

    // A role that may not see an instance can't tell whether it exists.
    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Call_WithTheIdOfAnother_AnswersAsForAnUnknownOne(string call)
    {
        var instance = await RecordedInstance.StartAsync(fixture, "'a'", label: "hidden");
        await instance.RecordAsync("0!secret");
        var unknown = new string([.. instance.Id.Select(c => c == 'f' ? '0' : (char)(c == '9' ? 'a' : c + 1))]);
        var foreign = await AnswerAsync(call, instance.Id);
        Assert.Equal(foreign.Replace(instance.Id, "ID", StringComparison.Ordinal),
            (await AnswerAsync(call, unknown)).Replace(unknown, "ID", StringComparison.Ordinal));
    }

    async Task<string> AnswerAsync(string call, string id)
    {
        try
        {
            return string.Join('\n', await fixture.ListAsync("dave", $"SELECT r::text FROM {call} r", id));
        }
        catch (PostgresException e)
        {
            return $"{e.SqlState} {e.MessageText} {e.Detail} {e.Hint}";
        }
    }
}
