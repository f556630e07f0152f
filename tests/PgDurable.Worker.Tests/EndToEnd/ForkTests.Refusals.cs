using Npgsql;

namespace PgDurable.Worker.Tests.EndToEnd;

/// <content>What can't be forked.</content>
public sealed partial class ForkTests
{
    [Fact]
    public async Task WhereStepsRunSideBySide_IsRefused_TheWholeIsNot()
    {
        var source = await _user.StartGraphAsync(
            $"{Log("a", "a")} ~> df.join({Log("left", "l")}, {Log("right", "r")}) ~> ('SELECT 1 AS n' |=> 'rows') "
                + $"~> df.foreach('rows', {Log("item", "i")}, 'row') ~> df.race({Log("fast", "f")}, df.sleep(100)) ~> {Log("z", "z")}");
        await _user.ResultAsync(source);

        foreach (var (step, what) in new[] { ("l", "node 00000007 is inside of a JOIN"), ("i", "node 0000000b is inside of a FOREACH"),
            ("f", "node 0000000d is inside of a RACE") })
            await RefusedAsync(source, step, $"{what}, where steps run side by side: no other instance can continue from there");
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
        var choice = $"df.if('SELECT true', {Log("same", "t")}, {Log("same", "e")})";
        await RegisterAsync($"{Log("a", "a")} ~> {choice} ~> df.wait_for_signal('go') ~> {Log("z", "z")}");
        var source = await StartWorkflowAsync();
        await _user.WaitingAsync(source, "SIGNAL");
        await RegisterAsync($"{Log("A", "a")} ~> {choice} ~> df.wait_for_signal('go')");

        await RefusedAsync(source, "z", "the instance has not reached step \"z\" (node 00000009)");
        await RefusedAsync(source, "e", "the instance has not reached step \"e\" (node 00000006)");
        await RefusedAsync(source, "nothing", "the instance has no step \"nothing\"");
        await RefusedAsync(source, "THEN", "3 steps are called \"THEN\"");
        await RefusedAsync(
            source, "SIGNAL 'go'",
            "the graphs differ before step \"SIGNAL 'go'\" (node 00000008): step \"a\" (node 00000003) is not the same in both",
            "version => 2");
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

    async Task RefusedAsync(string id, string node, string message, string more = "")
    {
        var error = await Assert.ThrowsAsync<PostgresException>(() => ForkAsync(id, node, more));
        if (message.EndsWith('*'))
            Assert.StartsWith(message[..^1], error.MessageText, StringComparison.Ordinal);
        else
            Assert.Equal(message, error.MessageText);
    }
}
