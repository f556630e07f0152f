using System.Diagnostics;
using System.Globalization;
using Xunit.Abstractions;

namespace PgDurable.Worker.Tests.Chaos;

/// <summary>
/// SQL steps and activities mixed, in several processes of workers and of applications, while these die and lose connections.
/// </summary>
/// <remarks>Forty faults; PGDURABLE_CHAOS_FAULTS is another number. PGDURABLE_TEST_SEED repeats a run's choices.</remarks>
public sealed class ActivityChaosTests(ITestOutputHelper output)
{
    private const int Runners = 3;

    private readonly Random _random = new(Setting("PGDURABLE_TEST_SEED", Random.Shared.Next()));
    private readonly RunnerProcess[] _runners = new RunnerProcess[Runners];
    private PgCluster _cluster = null!;
    private TestUser _user = null!;
    private int _faults;

    [Fact]
    public async Task StepsAndActivities_ProcessesDieAtRandom_NothingIsLostAndTransactionsCountOnce()
    {
        await using var cluster = _cluster = await Clusters.WithExtensionAsync(worker: true, ("max_connections", "80"));
        await using var user = _user = await TestUser.CreateAsync(cluster);
        await user.ExecuteAsync(
            $"CREATE TABLE {user.Schema}.effects (n int, mark text); CREATE TABLE {user.Schema}.calls (n int, mark text, key uuid)");
        for (var i = 0; i < Runners; i++)
            _runners[i] = RunnerProcess.Start(user);
        try
        {
            var started = await RunAsync(Setting("PGDURABLE_CHAOS_FAULTS", 40));
            await Poll.UntilAsync("every instance has ended", async () =>
                await cluster.ScalarAsync<long>("SELECT count(*) FROM df.queue") == 0, TimeSpan.FromSeconds(120));
            await AssertAsync(started);
            Figures.Count("faults injected", _faults);
            Figures.Count("instances run under faults", started);
            Figures.Count("instances lost or doubled under faults", 0);
        }
        finally
        {
            foreach (var runner in _runners)
                runner.Dispose();
        }
    }

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } given ? int.Parse(given, CultureInfo.InvariantCulture) : otherwise;

    private string Graph()
    {
        string Statement(string mark) => TestUser.Literal($"INSERT INTO {_user.Schema}.effects VALUES ($input.n, '{mark}')");
        static string Activity(string name, string mark) => $$"""df.activity('{{name}}', '{"n":"$input.n","mark":"{{mark}}"}')""";
        // Its own connection may be cut, which is its failure.
        static string Call(string mark) => $"df.retry({Activity("call", mark)}, 50, 0)";
        return $"{Statement("sql1")} ~> {Activity("effect", "activity1")} ~> {Call("call1")} ~> {Statement("sql2")} "
            + $"~> df.join({Activity("effect", "activity2")}, {Call("call2")}, {Statement("sql3")}) "
            + $"~> df.retry(df.timeout({Activity("effect", "activity3")}, 60), 3, 0)";
    }

    private async Task<int> RunAsync(int faults)
    {
        var graph = await _cluster.ScalarAsync<string>($"SELECT {Graph()}");
        var started = 0;
        var count = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var watch = Stopwatch.StartNew();
        while (_faults < faults)
        {
            // As many as are being run, so that every fault hits something.
            for (var room = 60 - await _cluster.ScalarAsync<long>("SELECT count(*) FROM df.queue"); room > 0; room--)
                await _user.StartAsync(graph, $$"""{"n":{{started++}}}""");
            // Every fault hits something that has got on since the last one, at a random moment.
            var progress = await ProgressAsync();
            await Poll.UntilAsync("something has been done", async () => await ProgressAsync() >= progress + 20, TimeSpan.FromSeconds(60));
            await Task.Delay(_random.Next(100));
            var name = await BreakAsync();
            count[name] = count.GetValueOrDefault(name) + 1;
            _faults++;
        }
        output.WriteLine($"{started} instances in {watch.Elapsed.TotalSeconds:0} s; "
            + string.Join(", ", count.Select(fault => $"{fault.Key} {fault.Value} times")));
        return started;
    }

    private Task<long> ProgressAsync() => _cluster.ScalarAsync<long>("SELECT count(*) FROM df.checkpoints");

    private async Task<string> BreakAsync()
    {
        switch (_random.Next(10))
        {
            case < 5:
                var victim = _random.Next(Runners);
                _runners[victim].Kill();
                _runners[victim].Dispose();
                _runners[victim] = RunnerProcess.Start(_user);
                return "application killed";
            case < 8:
                await _cluster.ExecuteAsync(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'runner' AND random() < 0.5");
                return "application's connections cut";
            case 8:
                await _cluster.ExecuteAsync(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'pg_durable:worker%' "
                        + "AND random() < 0.3");
                return "worker's connections cut";
            default:
                await _cluster.KillWorkerAsync();
                return "worker killed";
        }
    }

    private async Task AssertAsync(int started)
    {
        var s = _user.Schema;
        Assert.Equal("", await _cluster.ScalarAsync<string>(
            "SELECT coalesce(string_agg(error::text, '; '), '') FROM df.outcomes WHERE status <> 'completed'"));
        Assert.Equal(started, await _cluster.ScalarAsync<long>("SELECT count(*) FROM df.outcomes"));
        string[] marks = ["activity1", "activity2", "activity3", "sql1", "sql2", "sql3"];
        Assert.Equal(0, await _cluster.ScalarAsync<long>(
            $"SELECT count(*) FROM (SELECT n, array_agg(mark ORDER BY mark) AS marks FROM {s}.effects GROUP BY n) e "
                + $"WHERE marks <> ARRAY['{string.Join("','", marks)}']"));
        Assert.Equal(started, await _cluster.ScalarAsync<long>($"SELECT count(DISTINCT n) FROM {s}.effects"));
        Assert.Equal(2L * started, await _cluster.ScalarAsync<long>($"SELECT count(*) FROM (SELECT DISTINCT n, mark FROM {s}.calls) c"));
        Assert.Equal(2L * started, await _cluster.ScalarAsync<long>($"SELECT count(DISTINCT key) FROM {s}.calls"));
        Assert.Equal(0, await _cluster.ScalarAsync<long>("SELECT count(*) FROM df.task_queue"));
    }
}
