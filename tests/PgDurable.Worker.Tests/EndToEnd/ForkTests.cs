namespace PgDurable.Worker.Tests.EndToEnd;

/// <summary>df.fork: a new instance goes on from a step of another one.</summary>
[Collection(WorkerCollection.Name)]
public sealed partial class ForkTests(WorkerFixture fixture) : IAsyncLifetime
{
    TestUser _user = null!;

    public async Task InitializeAsync()
    {
        _user = await fixture.UserAsync();
        await _user.ExecuteAsync($"CREATE TABLE {_user.Schema}.log (id int GENERATED ALWAYS AS IDENTITY, instance text, word text)");
    }

    public async Task DisposeAsync() => await _user.DisposeAsync();

    [Fact]
    public async Task AfterAFailure_WithAFixedVersion_GoesOnWithTheResultsOfTheStepsBefore()
    {
        await RegisterAsync($"{Log("a", "a")} ~> {Log("b", "b")} ~> ('SELECT 1/0 AS n' |=> 'broken') ~> {Log("c", "c")}");
        var source = await StartWorkflowAsync();
        await _user.ErrorAsync(source);
        await RegisterAsync($"{Log("a", "a")} ~> {Log("b", "b")} ~> ('SELECT 2 AS n' |=> 'broken') ~> {Log("c", "c")} "
            + "~> 'SELECT $a.word || $b.word || $broken.n || $input.x AS all'");

        var fork = await ForkAsync(source, "broken", "version => 2");

        Assert.Equal("ab27", (await _user.ResultAsync(fork)).GetProperty("rows")[0].GetProperty("all").GetString());
        Assert.Equal("a,b", await WordsAsync(source));
        Assert.Equal("c", await WordsAsync(fork));
        Assert.Equal("failed", await _user.EndAsync(source));
        Assert.Equal(
            $"{source} 2 the label",
            await _user.ScalarAsync<string>(
                "SELECT concat_ws(' ', i.forked_from, i.workflow_version, i.label) FROM df.instances i WHERE i.id = $1", fork));
        Assert.Contains($"Fork:     of {source}, from node 0000000", await _user.ScalarAsync<string>("SELECT df.explain($1)", fork));
        Assert.Equal(
            $"fork w from {source}, node 00000005", await _user.ScalarAsync<string>(
                "SELECT concat_ws(' ', action, name, detail) FROM df.audit WHERE instance_id = $1", fork));
    }

    [Fact]
    public async Task OfACompletedInstance_InTheMiddle_RunsTheRestAgain()
    {
        var source = await _user.StartGraphAsync($"{Log("a", "a")} ~> {Log("b", "b")} ~> {Log("c", "c")}");
        await _user.ResultAsync(source);

        var byName = await ForkAsync(source, "b");
        await _user.ResultAsync(byName);
        var node = await _user.ScalarAsync<string>("SELECT id FROM df.nodes WHERE instance_id = $1 AND result_name = 'c'", source);
        var byId = await ForkAsync(byName, node);
        await _user.ResultAsync(byId);
        var first = await ForkAsync(byId, "a");
        await _user.ResultAsync(first);

        Assert.Equal(
            "a,b,c|b,c|c|a,b,c",
            $"{await WordsAsync(source)}|{await WordsAsync(byName)}|{await WordsAsync(byId)}|{await WordsAsync(first)}");
    }

    [Fact]
    public async Task BranchOfAnIf_Handler_AndLatestIteration_GoOnFromThere()
    {
        var source = await _user.StartGraphAsync(
            $"df.if('SELECT true', {Log("then", "t")} ~> {Log("more", "m")}, {Log("else", "e")}) "
                + $"~> df.try('SELECT 1/0', {Log("handler", "h")} ~> {Log("handler2", "h2")}) "
                + "~> ('SELECT 0 AS n' |=> 'i') ~> df.loop(('SELECT $i.n + 1 AS n' |=> 'i') ~> "
                + $"{Log("in loop", "l")} ~> {Log("again", "g")}, 'SELECT $i.n < 3') ~> {Log("end", "z")}");
        await _user.ResultAsync(source);
        Assert.Equal("then,more,handler,handler2,in loop,again,in loop,again,in loop,again,end", await WordsAsync(source));

        foreach (var (node, words) in new[]
        {
            ("m", "more,handler,handler2,in loop,again,in loop,again,in loop,again,end"),
            ("h2", "handler2,in loop,again,in loop,again,in loop,again,end"),
            ("g", "again,end"),
            ("z", "end"),
        })
        {
            var fork = await ForkAsync(source, node);
            await _user.ResultAsync(fork);
            Assert.Equal(words, await WordsAsync(fork));
        }
    }

    [Fact]
    public async Task OfARunningInstance_ThatWaits_TakesWhatItHasDoneAndWaitsByItself()
    {
        var source = await _user.StartGraphAsync(
            $"{Log("a", "a")} ~> df.wait_for_signal('one') ~> (df.wait_for_signal('two', 3600) |=> 'two') ~> {Log("c", "c")}");
        await _user.WaitingAsync(source, "SIGNAL");
        await _user.ExecuteAsync("SELECT df.signal($1, 'one')", source);
        await Poll.UntilAsync("it has taken the signal", async () => await _user.ScalarAsync<long>(
            "SELECT count(*) FROM df.waiting WHERE id = $1 AND name = 'two'", source) == 1);

        var fork = await ForkAsync(source, "two");
        await _user.WaitingAsync(fork, "SIGNAL");
        Assert.True(await _user.ScalarAsync<bool>("SELECT until > now() + interval '59 min' FROM df.waiting WHERE id = $1", fork));
        await _user.ExecuteAsync("SELECT df.signal($1, 'two')", fork);
        await _user.ResultAsync(fork);

        Assert.Equal("running", await _user.ScalarAsync<string>("SELECT df.status($1)", source));
        Assert.Equal("a|c", $"{await WordsAsync(source)}|{await WordsAsync(fork)}");
    }

    [Fact]
    public async Task WaitsAndTimeouts_BeginAgain()
    {
        var source = await _user.StartGraphAsync($"{Log("a", "a")} ~> df.timeout(df.sleep(1) ~> {Log("b", "b")}, 2) ~> {Log("c", "c")}");
        await _user.ResultAsync(source);
        await _user.ExecuteAsync("SELECT pg_sleep(1.5)");
        var fork = await ForkAsync(source, "SLEEP 1s");
        await _user.ResultAsync(fork);

        Assert.Equal("b,c", await WordsAsync(fork));
        Assert.True(await _user.ScalarAsync<bool>(
            "SELECT max(l.at) - i.created_at >= interval '1 s' FROM df.instances i, LATERAL (SELECT max(finished_at) AS at FROM "
                + "df.history(i.id)) l WHERE i.id = $1 GROUP BY i.created_at", fork));
    }

    [Fact]
    public async Task FirstStepOfARetry_GetsAllItsAttemptsAgain()
    {
        await RegisterAsync($"{Log("a", "a")} ~> df.retry('SELECT 1/0 AS n' |=> 'b', 2, 0.001, retry_on => '{{22}}')");
        var source = await StartWorkflowAsync();
        await _user.ErrorAsync(source);
        await RegisterAsync($"{Log("a", "a")} ~> df.retry('SELECT 2/0 AS n' |=> 'b', 3, 0.001, retry_on => '{{22}}')");
        var fork = await ForkAsync(source, "b");
        await _user.ErrorAsync(fork);
        var other = await ForkAsync(source, "b", "version => 2");
        await _user.ErrorAsync(other);

        Assert.Equal("2,2,3", string.Join(',', await AttemptsAsync(source), await AttemptsAsync(fork), await AttemptsAsync(other)));
        Assert.Equal("a||", $"{await WordsAsync(source)}|{await WordsAsync(fork)}|{await WordsAsync(other)}");
    }

    [Fact]
    public async Task LaterStepOfARetry_GoesOnInTheLastAttempt()
    {
        var source = await _user.StartGraphAsync(
            $"df.retry({Log("a", "a")} ~> ('SELECT 1/0 AS n' |=> 'b'), 2, 0.001, retry_on => '{{22}}')");
        await _user.ErrorAsync(source);
        var fork = await ForkAsync(source, "b");
        await _user.ErrorAsync(fork);

        Assert.Equal("a,a|", $"{await WordsAsync(source)}|{await WordsAsync(fork)}");
        Assert.Equal(await AttemptsAsync(source), await AttemptsAsync(fork));
    }

    [Fact]
    public async Task UndoneSteps_AreRefused_AndTakenOverOnesAreUndoneByTheForkThatFails()
    {
        var undone = $"df.with_undo({Log("a", "a")}, {Log("undo a", "u")})";
        var failed = await _user.StartGraphAsync($"{undone} ~> ('SELECT 1/0' |=> 'b')");
        await _user.ErrorAsync(failed);
        await RefusedAsync(failed, "b", "step \"a\" (node 00000002) ran before that, and it has been undone or may be undone");
        var again = await ForkAsync(failed, "a");
        await _user.ErrorAsync(again);
        Assert.Equal("a,undo a", await WordsAsync(again));

        await RegisterAsync($"{undone} ~> {Log("b", "b")}");
        var good = await StartWorkflowAsync();
        await _user.ResultAsync(good);
        await RegisterAsync($"{undone} ~> ('SELECT 1/0' |=> 'b')");
        var fork = await ForkAsync(good, "b", "version => 2");
        await _user.ErrorAsync(fork);
        Assert.Equal("a,b|undo a", $"{await WordsAsync(good)}|{await WordsAsync(fork)}");
    }

    [Fact]
    public async Task UndoneOnCancel_RunsLikeAnyOther()
    {
        var source = await _user.StartGraphAsync($"df.undo_on_cancel({Log("a", "a")} ~> {Log("b", "b")} ~> df.wait_for_signal('go'))");
        await _user.WaitingAsync(source, "SIGNAL");
        await _user.ExecuteAsync("SELECT df.cancel($1)", source);
        Assert.Equal("cancelled", await _user.EndAsync(source));
        var fork = await ForkAsync(source, "SIGNAL 'go'");
        await _user.WaitingAsync(fork, "SIGNAL");
        await _user.ExecuteAsync("SELECT df.signal($1, 'go')", fork);

        await _user.ResultAsync(fork);
        Assert.Equal("", await WordsAsync(fork));
    }

    [Fact]
    public async Task CallsAndActivities_BeginAgainAndTheirResultsAreKept()
    {
        await RegisterAsync(Log("child", "x"), "child");
        var source = await _user.StartGraphAsync(
            "(df.call('child') |=> 'first') ~> (df.call('child') |=> 'second') ~> 'SELECT $first.word'");
        await _user.ResultAsync(source);
        var fork = await ForkAsync(source, "second");
        await _user.ResultAsync(fork);

        Assert.Equal(3L, await _user.CountAsync("log"));
    }

    string Log(string word, string name) =>
        $"('INSERT INTO {_user.Schema}.log (instance, word) VALUES ($sys_instance_id, ''{word}'') RETURNING word' |=> '{name}')";

    Task RegisterAsync(string graph, string name = "w") => _user.ExecuteAsync($"SELECT df.register_workflow('{name}', {graph})");

    Task<string> StartWorkflowAsync() =>
        _user.ScalarAsync<string>(
            "SELECT df.start_workflow('w', '{\"x\": 7}', label => 'the label', idempotency_key => gen_random_uuid()::text)");

    Task<string> ForkAsync(string id, string node, string more = "") =>
        _user.ScalarAsync<string>($"SELECT df.fork($1, $2{(more.Length == 0 ? "" : ", " + more)})", id, node);

    Task<long> AttemptsAsync(string id) =>
        _user.ScalarAsync<long>("SELECT count(*) FROM df.history($1) WHERE step = 'b' AND status = 'failed'", id);

    Task<string> WordsAsync(string id, string order = "id") => _user.ScalarAsync<string>(
        $"SELECT coalesce(string_agg(word, ',' ORDER BY {order}), '') FROM {_user.Schema}.log WHERE instance = $1", id);
}
