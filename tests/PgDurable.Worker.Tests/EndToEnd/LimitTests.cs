namespace PgDurable.Worker.Tests.EndToEnd;

/// <summary>A step that finds no free connection in time.</summary>
public sealed class LimitTests : IAsyncLifetime
{
    private PgCluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await Clusters.WithExtensionAsync(worker: true,
        ("pg_durable.max_user_connections", "1"), ("pg_durable.execution_acquire_timeout", "1"));

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Step_NoConnectionInTime_FailsAndSaysWhichLimit()
    {
        await using var user = await TestUser.CreateAsync(_cluster);
        await using var gate = await Gate.CloseAsync(_cluster);
        var first = await user.StartAsync($"SELECT {gate.Pass}");
        await gate.WaitedForAsync();
        var error = await user.ErrorAsync(await user.StartAsync("SELECT 1"));
        await gate.OpenAsync();

        Assert.Equal("pg_durable: connection limit reached (max_user_connections=1). Timed out after 1s waiting for an available execution slot.",
            error.GetProperty("message").GetString());
        await user.ResultAsync(first);
        await user.RunAsync("SELECT 1 AS later");
    }
}
