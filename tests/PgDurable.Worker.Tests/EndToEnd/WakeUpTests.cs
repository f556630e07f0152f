namespace PgDurable.Worker.Tests.EndToEnd;

/// <summary>An idle worker that practically never looks by itself. Whatever gives it something to do has to wake it.</summary>
public sealed class WakeUpTests(WorkerlessServer fixture) : IClassFixture<WorkerlessServer>
{
    static readonly TimeSpan Never = TimeSpan.FromHours(1);

    [Fact]
    public async Task Start_IsClaimed()
    {
        await using var user = await TestUser.CreateAsync(fixture.Cluster);
        await using var worker = await IdleWorkerAsync();
        await user.RunAsync("SELECT 1");
        await IsWaitingAsync();
        await user.RunAsync("SELECT 2");
    }

    [Fact]
    public async Task Start_InTheFuture_IsClaimedWhenItIsDue()
    {
        await using var user = await TestUser.CreateAsync(fixture.Cluster);
        await using var worker = await IdleWorkerAsync();
        var id = await user.ScalarAsync<string>("SELECT df.start_graph('SELECT 1', start_at => now() + interval '0.5 seconds')");
        await user.ResultAsync(id);
    }

    [Theory]
    [InlineData("df.sleep(0.3)")]
    [InlineData("df.retry('SELECT 1 / 0', 2, 0.3)")]
    [InlineData("df.timeout(df.wait_for_signal('never'), 0.3)")]
    public async Task Wait_ForATime_EndsThen(string node)
    {
        await using var user = await TestUser.CreateAsync(fixture.Cluster);
        await using var worker = await IdleWorkerAsync();
        var id = await user.ScalarAsync<string>($"SELECT df.start(df.try({node}, 'SELECT 1'))");
        await user.ResultAsync(id);
    }

    [Fact]
    public async Task Signal_PauseAndRetry_AreSeen()
    {
        await using var user = await TestUser.CreateAsync(fixture.Cluster);
        await using var worker = await IdleWorkerAsync();
        var id = await user.ScalarAsync<string>("SELECT df.start(df.wait_for_signal('go') ~> 'SELECT 1 / 0')");
        await IsWaitingAsync();
        await user.ExecuteAsync("SELECT df.pause($1)", id);
        await user.ExecuteAsync("SELECT df.signal($1, 'go', '1')", id);
        await user.ExecuteAsync("SELECT df.resume($1)", id);
        await Poll.UntilAsync("it has failed", async () => await user.ScalarAsync<string>("SELECT df.status($1)", id) == "failed");
        await IsWaitingAsync();
        const string EndedAt = "SELECT COALESCE(ended_at::text, '') FROM df.instances WHERE id = $1";
        var first = await user.ScalarAsync<string>(EndedAt, id);
        await user.ExecuteAsync("SELECT df.retry_instance($1)", id);
        await Poll.UntilAsync(
            "it has failed again", async () => await user.ScalarAsync<string>(EndedAt, id) is var last && last != "" && last != first);
    }

    [Fact]
    public async Task Worker_ThatStopsWhileItWaits_KeepsNothingFromOthers()
    {
        await using var user = await TestUser.CreateAsync(fixture.Cluster);
        var stopping = await IdleWorkerAsync();
        await using var gate = await Gate.CloseAsync(fixture.Cluster);
        var step = await user.StartAsync($"SELECT {gate.Pass}");
        await gate.WaitedForAsync();
        await IsWaitingAsync();

        var stopped = stopping.DisposeAsync().AsTask();
        await Poll.UntilAsync("it has been told", () => Task.FromResult(!stopping.IsRunning));
        await using var other = await IdleWorkerAsync();
        await user.RunAsync("SELECT 1"); // may end the wait of the first
        await user.RunAsync("SELECT 2");
        await gate.OpenAsync();
        await user.ResultAsync(step);
        await stopped;
    }

    Task<HostedWorker> IdleWorkerAsync() =>
        HostedWorker.StartAsync(fixture.Cluster.ConnectionString(), options =>
            (options.PollInterval, options.LongestWait, options.ShutdownTimeout) = (Never, Never, TimeSpan.FromMinutes(2)));

    Task IsWaitingAsync() => Poll.UntilAsync("the worker waits in the server", async () => await fixture.Cluster.ScalarAsync<long>(
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pg_durable:worker:idle' AND state = 'active' "
            + "AND wait_event = 'Extension'") == 1);
}
