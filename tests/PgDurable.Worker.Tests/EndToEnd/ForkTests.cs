using Npgsql;

namespace PgDurable.Worker.Tests.EndToEnd;

/// <summary>df.fork: a new instance goes on from a step of another one.</summary>
[Collection(WorkerCollection.Name)]
public sealed class ForkTests(WorkerFixture fixture) : IAsyncLifetime
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
        var source = await _user.StartGraphAsync($"df.retry({Log("a", "a")} ~> ('SELECT 1/0 AS n' |=> 'b'), 2, 0.001, retry_on => '{{22}}')");
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
        var source = await _user.StartGraphAsync($"(df.call('child') |=> 'first') ~> (df.call('child') |=> 'second') ~> 'SELECT $first.word'");
        await _user.ResultAsync(source);
        var fork = await ForkAsync(source, "second");
        await _user.ResultAsync(fork);

        Assert.Equal(3L, await _user.CountAsync("log"));
    }

    [Fact]
    public async Task WhereStepsRunSideBySide_IsRefused_TheWholeIsNot()
    {
        var source = await _user.StartGraphAsync(
            $"{Log("a", "a")} ~> df.join({Log("left", "l")}, {Log("right", "r")}) ~> ('SELECT 1 AS n' |=> 'rows') "
                + $"~> df.foreach('rows', {Log("item", "i")}, 'row') ~> df.race({Log("fast", "f")}, df.sleep(100)) ~> {Log("z", "z")}");
        await _user.ResultAsync(source);

        await RefusedAsync(source, "l", "node 00000007 is inside of a JOIN, where steps run side by side: no other instance can continue from there");
        await RefusedAsync(source, "i", "node 0000000b is inside of a FOREACH, where steps run side by side: no other instance can continue from there");
        await RefusedAsync(source, "f", "node 0000000d is inside of a RACE, where steps run side by side: no other instance can continue from there");
        var whole = await ForkAsync(source, "JOIN");
        await _user.ResultAsync(whole);
        Assert.Equal("fast,item,left,right,z", await WordsAsync(whole, "word"));
        var after = await ForkAsync(source, "z");
        await _user.ResultAsync(after);
        Assert.Equal("z", await WordsAsync(after));
    }

    [Fact]
    public async Task WhatCanNotBeDone_IsRefusedWithTheReason()
    {
        await RegisterAsync($"{Log("a", "a")} ~> df.if('SELECT true', {Log("same", "t")}, {Log("same", "e")}) ~> df.wait_for_signal('go') ~> {Log("z", "z")}");
        var source = await StartWorkflowAsync();
        await _user.WaitingAsync(source, "SIGNAL");
        await RegisterAsync($"{Log("A", "a")} ~> df.if('SELECT true', {Log("same", "t")}, {Log("same", "e")}) ~> df.wait_for_signal('go')");

        await RefusedAsync(source, "z", "the instance has not reached step \"z\" (node 00000009)");
        await RefusedAsync(source, "e", "the instance has not reached step \"e\" (node 00000006)");
        await RefusedAsync(source, "nothing", "the instance has no step \"nothing\"");
        await RefusedAsync(source, "THEN", "3 steps are called \"THEN\"");
        await RefusedAsync(source, "SIGNAL 'go'", "the graphs differ before step \"SIGNAL 'go'\" (node 00000008): step \"a\" (node 00000003) is not the same in both", "version => 2");
        await RefusedAsync(source, "a", "workflow \"w\" version 3 is not registered by role *", "version => 3");
        await using var other = await fixture.UserAsync();
        var stranger = await Assert.ThrowsAsync<PostgresException>(() => other.ScalarAsync<string>("SELECT df.fork($1, 'a')", source));
        Assert.Equal("DF002", stranger.SqlState);
        var superuser = await Assert.ThrowsAsync<PostgresException>(() => fixture.Cluster.ExecuteAsync($"SELECT df.fork('{source}', 'a')"));
        Assert.Equal("DF002", superuser.SqlState);
    }

    [Fact]
    public async Task ByHand_OfSomebodyElsesInstance_OrWithOtherInput_IsRefused()
    {
        await using var other = await fixture.UserAsync();
        var source = await _user.StartGraphAsync(Log("a", "a"));
        await _user.ResultAsync(source);
        var own = await other.StartGraphAsync("'SELECT 1'");
        await other.ResultAsync(own);
        const string insert = "INSERT INTO df.submissions (graph_id, input, forked_from, forked_node) "
            + "SELECT graph_id, {0}, '{1}', {2} FROM df.submissions WHERE id = '{3}'";

        await FailsAsync(other, string.Format(null, insert, "NULL", source, 0, own), "DF002");
        await FailsAsync(other, string.Format(null, insert, "'1'::jsonb", own, 0, own), "DF024");
        await FailsAsync(other, string.Format(null, insert, "NULL", own, 5, own), "DF024");
        await FailsAsync(other, string.Format(null, insert, "NULL", own, -1, own), "DF024");
        await FailsAsync(other, string.Format(null, insert, "NULL", own, "NULL", own), "DF024");
        // Another role's graph is not even compared.
        var graph = await fixture.Cluster.ScalarAsync<long>($"SELECT graph_id FROM df.submissions WHERE id = '{source}'");
        await FailsAsync(
            other, $"INSERT INTO df.submissions (graph_id, forked_from, forked_node) VALUES ({graph}, '{own}', 0)", "DF024");
        await FailsAsync(other, $"UPDATE df.submissions SET forked_from = '{source}'", "42501");
    }

    static async Task FailsAsync(TestUser user, string sql, string sqlState) =>
        Assert.Equal(sqlState, (await Assert.ThrowsAsync<PostgresException>(() => user.ExecuteAsync(sql))).SqlState);

    string Log(string word, string name) =>
        $"('INSERT INTO {_user.Schema}.log (instance, word) VALUES ($sys_instance_id, ''{word}'') RETURNING word' |=> '{name}')";

    Task RegisterAsync(string graph, string name = "w") => _user.ExecuteAsync($"SELECT df.register_workflow('{name}', {graph})");

    Task<string> StartWorkflowAsync() =>
        _user.ScalarAsync<string>("SELECT df.start_workflow('w', '{\"x\": 7}', label => 'the label', idempotency_key => gen_random_uuid()::text)");

    Task<string> ForkAsync(string id, string node, string more = "") =>
        _user.ScalarAsync<string>($"SELECT df.fork($1, $2{(more.Length == 0 ? "" : ", " + more)})", id, node);

    async Task RefusedAsync(string id, string node, string message, string more = "")
    {
        var error = await Assert.ThrowsAsync<PostgresException>(() => ForkAsync(id, node, more));
        if (message.EndsWith('*'))
            Assert.StartsWith(message[..^1], error.MessageText, StringComparison.Ordinal);
        else
            Assert.Equal(message, error.MessageText);
    }

    Task<long> AttemptsAsync(string id) =>
        _user.ScalarAsync<long>("SELECT count(*) FROM df.history($1) WHERE step = 'b' AND status = 'failed'", id);

    Task<string> WordsAsync(string id, string order = "id") => _user.ScalarAsync<string>(
        $"SELECT coalesce(string_agg(word, ',' ORDER BY {order}), '') FROM {_user.Schema}.log WHERE instance = $1", id);
}
