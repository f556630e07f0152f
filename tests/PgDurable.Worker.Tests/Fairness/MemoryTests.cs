using System.Globalization;
using Xunit.Abstractions;

namespace PgDurable.Worker.Tests.Fairness;

/// <summary>What workflows carry along does not pile up in the worker.</summary>
[Collection(AloneCollection.Name)]
public sealed class MemoryTests(ITestOutputHelper output) : IAsyncLifetime
{
    const long MB = 1024 * 1024;

    PgCluster _cluster = null!;
    TestUser _user = null!;
    WorkerProcess _worker = null!;

    public async Task InitializeAsync()
    {
        // Results of 2 MB where the default allows 16, so that the test needs an eighth of the time.
        _cluster = await Clusters.WithExtensionAsync(
            worker: false, ("fsync", "off"), ("autovacuum", "off"), ("pg_durable.max_signal_bytes_per_instance", "0"));
        _user = await TestUser.CreateAsync(_cluster);
        _worker = await WorkerProcess.StartAsync(
            _cluster, ("PG_DURABLE_MAX_RESULT_BYTES", (2 * MB + 100_000).ToString(CultureInfo.InvariantCulture)));
        await _user.RunAsync("SELECT 1 AS warm");
    }

    public async Task DisposeAsync()
    {
        _worker.Dispose();
        await _user.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task Signals_ManyLargeOnes_AreReadAsTheyAreTaken()
    {
        var id = await _user.StartGraphAsync("df.loop(df.wait_for_signal('big', 2), 'SELECT false')");
        await _user.WaitingAsync(id, "SIGNAL");
        await _user.ExecuteAsync($"SELECT df.pause('{id}')");
        await _user.ExecuteAsync($"SELECT df.signal('{id}', 'big', to_json(repeat('x', 1000000))::text) FROM generate_series(1, 400)");
        await _user.ExecuteAsync($"SELECT df.resume('{id}')");
        await _user.ResultAsync(id);
        AssertPeak("400 signals of 1 MB", 300);
    }

    [Fact]
    public async Task Foreach_ManyLargeResults_EndsWithAClearError()
    {
        var error = await _user.ErrorAsync(await _user.StartGraphAsync(
            "df.seq(df.as('SELECT n FROM generate_series(1, 60) n', 'rows'), "
                + "df.foreach('rows', 'SELECT repeat(''x'', 2000000)', 'item', 5))"));
        Assert.Equal("54000", error.GetProperty("sqlstate").GetString());
        Assert.Contains(
            "the results that the instance holds are larger than", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        AssertPeak("a foreach with results of 2 MB", 700);
    }

    [Fact]
    public async Task Waiting_WithLargeResults_CostsNothing()
    {
        await _user.ExecuteAsync("SELECT df.start(df.seq(df.as('SELECT repeat(''x'', 2000000) AS v', 'big'), "
            + "df.seq(df.wait_for_signal('go'), 'SELECT length($big.v)'))) FROM generate_series(1, 60)");
        await Poll.UntilAsync("all wait", async () =>
            await _cluster.ScalarAsync<long>("SELECT count(*) FROM df.queue WHERE waits::text LIKE '%SIGNAL%'") == 60);
        await _user.ExecuteAsync("SELECT df.signal(id, 'go', '1') FROM df.instances WHERE status = 'running'");
        await Poll.UntilAsync("all have ended", async () =>
            await _cluster.ScalarAsync<long>("SELECT count(*) FROM df.outcomes WHERE status = 'completed'") >= 60,
            TimeSpan.FromSeconds(60));
        AssertPeak("60 instances with results of 2 MB", 700);
        await Poll.UntilAsync("memory is given back", () => Task.FromResult(Now() < 200 * MB), TimeSpan.FromSeconds(20));
    }

    void AssertPeak(string what, long limit)
    {
        var peak = Status("VmHWM");
        output.WriteLine($"peak memory of the worker: {what}: {peak / MB} MB");
        Figures.Measure($"worker's peak memory, {what}", peak / (double)MB, "MB");
        Assert.True(peak < limit * MB, $"{peak / MB} MB");
    }

    long Now() => Status("VmRSS");

    long Status(string name) => 1024 * long.Parse(
        File.ReadLines($"/proc/{_worker.Pid}/status")
            .Single(line => line.StartsWith(name + ":", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);
}
