namespace PgDurable.Worker.Tests.EndToEnd;

/// <summary>df.wait_for_signal and df.signal.</summary>
[Collection(WorkerCollection.Name)]
public sealed class SignalTests(WorkerFixture fixture)
{
    private const string Approval = "(df.wait_for_signal('approval') |=> 's') ~> 'SELECT $s.data AS data, $s.timed_out AS late'";

    [Fact]
    public async Task Signal_ToWaitingInstance_WakesItWithTheData()
    {
        await using var user = await fixture.UserAsync();
        var id = await user.StartGraphAsync(Approval);
        await user.WaitingAsync(id, "SIGNAL");
        await user.ExecuteAsync("SELECT df.signal($1, 'approval', '{\"by\":\"O''Neil\"}')", id);
        var row = (await user.ResultAsync(id)).GetProperty("rows")[0];

        Assert.Equal("O'Neil", row.GetProperty("data").GetProperty("by").GetString());
        Assert.False(row.GetProperty("late").GetBoolean());
    }

    [Fact]
    public async Task Signal_InTheTransactionThatStarted_IsNotLost()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync("BEGIN");
        var id = await user.StartGraphAsync(Approval);
        await user.ExecuteAsync("SELECT df.signal($1, 'approval', '7')", id);
        await user.ExecuteAsync("COMMIT");

        Assert.Equal(7, (await user.ResultAsync(id)).GetProperty("rows")[0].GetProperty("data").GetInt32());
    }

    [Fact]
    public async Task Signal_RolledBack_WakesNobody()
    {
        await using var user = await fixture.UserAsync();
        var id = await user.StartGraphAsync("df.wait_for_signal('go')");
        await user.WaitingAsync(id, "SIGNAL");
        await user.ExecuteAsync("BEGIN");
        await user.ExecuteAsync("SELECT df.signal($1, 'go', '1')", id);
        await user.ExecuteAsync("ROLLBACK");
        await user.ExecuteAsync("SELECT df.signal($1, 'go', '2')", id);

        Assert.Equal(2, (await user.ResultAsync(id)).GetProperty("data").GetInt32());
    }

    [Fact]
    public async Task Signal_OtherName_LeavesItWaiting()
    {
        await using var user = await fixture.UserAsync();
        var id = await user.StartGraphAsync("df.wait_for_signal('a') ~> df.wait_for_signal('b')");
        await user.WaitingAsync(id, "SIGNAL");
        await user.ExecuteAsync("SELECT df.signal($1, 'b', '\"early\"')", id);
        Assert.Equal("running", await user.ScalarAsync<string>("SELECT df.status($1)", id));
        await user.ExecuteAsync("SELECT df.signal($1, 'a', '1')", id);

        Assert.Equal("early", (await user.ResultAsync(id)).GetProperty("data").GetString());
    }

    [Fact]
    public async Task Signals_TwoOfOneName_AreTakenOneAfterTheOther()
    {
        await using var user = await fixture.UserAsync();
        var id = await user.StartGraphAsync(
            "(df.wait_for_signal('n') |=> 'a') ~> (df.wait_for_signal('n') |=> 'b') ~> 'SELECT $a.data AS a, $b.data AS b'");
        await user.ExecuteAsync("SELECT df.signal($1, 'n', '1'), df.signal($1, 'n', '2')", id);
        var row = (await user.ResultAsync(id)).GetProperty("rows")[0];

        Assert.Equal((1, 2), (row.GetProperty("a").GetInt32(), row.GetProperty("b").GetInt32()));
    }

    [Fact]
    public async Task Wait_WithoutASignal_EndsInTime()
    {
        await using var user = await fixture.UserAsync();
        var result = await user.ResultAsync(await user.StartGraphAsync("df.wait_for_signal('never', 1)"));

        Assert.True(result.GetProperty("timed_out").GetBoolean());
    }
}
