using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace PgDurable.Worker.Tests.Client;

/// <summary>The client and its health check in an application's services.</summary>
public sealed class HostingTests : IAsyncLifetime
{
    PgCluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await Clusters.WithExtensionAsync(worker: false);

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task AddPgDurable_UsesTheDataSourceOfTheSameKey()
    {
        await using var user = await ClientUser.CreateAsync(_cluster);
        await using var services = new ServiceCollection()
            .AddSingleton(user.DataSource).AddPgDurable()
            .AddKeyedSingleton("other", NpgsqlDataSource.Create("Host=/nowhere"))
            .AddKeyedPgDurable("other", options => options.Listen = false)
            .BuildServiceProvider();

        Assert.NotEmpty((await services.GetRequiredService<DurableClient>().StartAsync("SELECT 1")).InstanceId);
        Assert.Same(services.GetService<DurableClient>(), services.GetService<DurableClient>());
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => services.GetRequiredKeyedService<DurableClient>("other").StartAsync("SELECT 1"));
    }

    [Fact]
    public void AddPgDurable_WithoutADataSource_SaysWhatToRegister()
    {
        using var services = new ServiceCollection().AddPgDurable().AddKeyedPgDurable("k").BuildServiceProvider();
        Assert.Contains(
            "AddNpgsqlDataSource", Assert.Throws<InvalidOperationException>(() => services.GetService<DurableClient>()).Message);
        Assert.Contains("'k'", Assert.Throws<InvalidOperationException>(() => services.GetKeyedService<DurableClient>("k")).Message);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(61, 1)]
    [InlineData(1, 0)]
    [InlineData(1, 3601)]
    public void AddPgDurable_OptionOutOfRange_IsRefused(int poll, int listeningPoll) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ServiceCollection().AddPgDurable(options =>
            (options.PollInterval, options.ListeningPollInterval) = (TimeSpan.FromSeconds(poll), TimeSpan.FromSeconds(listeningPoll))));

    [Fact]
    public async Task Health_TellsWhatIsWrong_AndThatAllIsWell()
    {
        await using var user = await ClientUser.CreateAsync(_cluster);
        var none = await CheckAsync(user.DataSource);
        Assert.Equal(HealthStatus.Unhealthy, none.Status);
        Assert.Contains("No worker", none.Description);

        await using var worker = await HostedWorker.StartAsync(_cluster.ConnectionString());
        await _cluster.WorkerIdAsync();
        var well = await CheckAsync(user.DataSource);
        Assert.Equal(HealthStatus.Healthy, well.Status);
        Assert.Equal(1L, well.Data["workers"]);
    }

    [Fact]
    public async Task Health_InstanceNotTakenUp_IsDegraded()
    {
        await using var user = await ClientUser.CreateAsync(_cluster);
        await user.Client.StartAsync("SELECT 1");
        // A worker that is alive and takes nothing.
        await _cluster.ExecuteAsync("INSERT INTO df.workers (pid, host, version) VALUES (1, 'h', 'v')");
        var result = await CheckAsync(user.DataSource, options => options.LongestBacklog = TimeSpan.Zero);
        Assert.Equal(HealthStatus.Degraded, result.Status);
        Assert.Equal(1L, result.Data["due"]);
        Assert.Equal(
            HealthStatus.Healthy, (await CheckAsync(user.DataSource, options => options.LongestBacklog = TimeSpan.FromHours(1))).Status);

        await _cluster.ExecuteAsync("UPDATE df.workers SET last_seen_at = now() - interval '20 s'");
        Assert.Contains("The last one was seen 20 s ago", (await CheckAsync(user.DataSource)).Description);
    }

    [Fact]
    public async Task Health_TaskThatNobodyClaims_IsDegraded()
    {
        await using var user = await ClientUser.CreateAsync(_cluster);
        await using var worker = await HostedWorker.StartAsync(_cluster.ConnectionString());
        await user.Client.StartAsync(Df.Activity("charge-card"));
        await Poll.UntilAsync("the task is there", async () => await _cluster.ScalarAsync<long>("SELECT count(*) FROM df.tasks") == 1);

        var late = await CheckAsync(user.DataSource, options => options.LongestTaskWait = TimeSpan.Zero);
        Assert.Equal((HealthStatus.Degraded, 1L), (late.Status, late.Data["tasks_waiting"]));
        Assert.Contains("1 tasks wait for an application", late.Description);
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(user.DataSource)).Status);

        await _cluster.ExecuteAsync("UPDATE df.task_queue SET created_at = now() - interval '2 min'");
        Assert.Equal(HealthStatus.Degraded, (await CheckAsync(user.DataSource)).Status);
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(user.DataSource, options => options.LongestTaskWait = null)).Status);

        // A lease that runs out: the task has been due since then, and not since it was made.
        await _cluster.ExecuteAsync(
            "UPDATE df.task_queue SET token = gen_random_uuid(), claimed_by = submitted_by, lease_until = 'infinity'");
        Assert.Equal(0L, (await CheckAsync(user.DataSource)).Data["tasks_waiting"]);
        await _cluster.ExecuteAsync("UPDATE df.task_queue SET lease_until = now() - interval '20 s'");
        var again = await CheckAsync(user.DataSource, options => options.LongestTaskWait = TimeSpan.FromSeconds(19));
        Assert.Equal((HealthStatus.Degraded, 1L), (again.Status, again.Data["tasks_waiting"]));
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(user.DataSource)).Status);
    }

    [Fact]
    public void AddPgDurable_NegativeThreshold_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ServiceCollection().AddHealthChecks().AddPgDurable(
            configure: options => options.LongestTaskWait = TimeSpan.FromSeconds(-1)));

    [Fact]
    public async Task Health_NoSchemaNoRightNoServer_SaysWhatToDo()
    {
        await using var user = await ClientUser.CreateAsync(_cluster);
        await using var elsewhere = NpgsqlDataSource.Create(_cluster.ConnectionString("template1"));
        Assert.Contains("CREATE EXTENSION pg_durable", (await CheckAsync(elsewhere)).Description);
        await _cluster.ExecuteAsync("CREATE ROLE stranger LOGIN");
        await using var stranger = NpgsqlDataSource.Create(_cluster.ConnectionString(user: "stranger"));
        Assert.Contains("df.grant_usage", (await CheckAsync(stranger)).Description);
        await using var nowhere = NpgsqlDataSource.Create("Host=/nowhere");
        Assert.Equal(HealthStatus.Unhealthy, (await CheckAsync(nowhere)).Status);
    }

    static async Task<HealthReportEntry> CheckAsync(NpgsqlDataSource dataSource, Action<PgDurable.PgDurableHealthOptions>? configure = null)
    {
        var services = new ServiceCollection().AddLogging().AddSingleton(dataSource);
        services.AddHealthChecks().AddPgDurable(configure: configure);
        await using var provider = services.BuildServiceProvider();
        return (await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["pgdurable"];
    }
}
