using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Xunit.Abstractions;

namespace PgDurable.Worker.Tests.Chaos;

/// <summary>All node kinds under load, on two workers, while everything that can break does.</summary>
/// <remarks>Half a minute of it; more with PGDURABLE_CHAOS_SECONDS. PGDURABLE_TEST_SEED repeats a run's choices.</remarks>
public sealed class ChaosTests(ITestOutputHelper output)
{
    private const int Clients = 6;

    private readonly Random _random = new(Setting("PGDURABLE_TEST_SEED", Random.Shared.Next()));
    private readonly ConcurrentDictionary<int, (Scenario Scenario, string Id)> _started = new();
    private PgCluster _cluster = null!;
    private TestUser _user = null!;
    private TestServer _server = null!;
    private int _last;
    private int _faults;

    [Fact]
    public async Task Everything_BreaksAtRandom_EveryInstanceEndsAsItMustAndEveryEffectIsThereOnce()
    {
        await using var server = _server = await TestServer.StartAsync(TestServer.Status(200, "ok"));
        await using var cluster = _cluster = await Clusters.WithExtensionAsync(worker: true,
            ("max_connections", "60"), ("pg_durable.http_allowed_hosts", "127.0.0.1"), ("pg_durable.http_allow_private_addresses", "on"));
        await using var user = _user = await TestUser.CreateAsync(cluster);
        await PrepareAsync();

        using var stop = new CancellationTokenSource();
        var clients = Enumerable.Range(0, Clients).Select(_ => Task.Run(() => RunClientAsync(stop.Token))).ToList();
        await BreakAsync(TimeSpan.FromSeconds(Setting("PGDURABLE_CHAOS_SECONDS", 30)));
        await stop.CancelAsync();
        await Task.WhenAll(clients);

        await Poll.UntilAsync("every instance has ended", async () =>
            await cluster.ScalarAsync<long>("SELECT count(*) FROM df.queue") == 0, TimeSpan.FromSeconds(90));
        await AssertAsync();
        Figures.Count("faults injected", _faults);
        Figures.Count("instances run under faults", _started.Count);
        Figures.Count("instances lost or doubled under faults", 0);
    }

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } given ? int.Parse(given, CultureInfo.InvariantCulture) : otherwise;

    private async Task PrepareAsync()
    {
        var s = _user.Schema;
        await _cluster.ExecuteAsync($"SELECT df.grant_usage('{_user.Role}', include_http => true)");
        await _user.ExecuteAsync(
            $"CREATE TABLE {s}.marks (n int, mark text, CONSTRAINT once PRIMARY KEY (n, mark)); CREATE TABLE {s}.log (n int, mark text)");
        await _cluster.ExecuteAsync($"CREATE SEQUENCE public.flaky; GRANT USAGE ON SEQUENCE public.flaky TO {_user.Role}");
        await _user.ExecuteAsync(
            $"SELECT df.register_workflow('leaf', df.sql({Mark("a")})), df.register_workflow('leaf2', df.sleep(0) ~> {Mark("c")})");
    }

    private string Statement(string mark) =>
        $"WITH l AS (INSERT INTO {_user.Schema}.log VALUES ($input.n, {mark})) INSERT INTO {_user.Schema}.marks VALUES ($input.n, {mark})";

    private string Mark(string mark) => TestUser.Literal(Statement($"'{mark}'"));

    private string Sql(Scenario scenario)
    {
        var s = _user.Schema;
        var text = System.Text.RegularExpressions.Regex.Replace(scenario.Graph, @"MARK\((\w+)\)", match => Mark(match.Groups[1].Value));
        text = System.Text.RegularExpressions.Regex.Replace(text, @"MARKS\((\w+), ([^)]+)\)", match =>
            Statement($"'{match.Groups[1].Value}' || {match.Groups[2].Value}").Replace("'", "''", StringComparison.Ordinal));
        text = System.Text.RegularExpressions.Regex.Replace(text, @"MARK2\((\w+), (.+)\)'", match =>
            $"WITH l AS (INSERT INTO {s}.log SELECT $input.n, ''{match.Groups[1].Value}'' "
                + $"WHERE 1 / (1 - sign({match.Groups[2].Value} % 2))::int > 0 RETURNING n) "
            + $"INSERT INTO {s}.marks SELECT n, ''{match.Groups[1].Value}'' FROM l'");
        return text.Replace("URL", _server.Url, StringComparison.Ordinal);
    }

    // ---- load ----------------------------------------------------------------------------------------------------

    private async Task RunClientAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var n = Interlocked.Increment(ref _last);
            var scenario = Scenario.All[n % Scenario.All.Length];
            var id = await InsistAsync("SELECT df.start_graph(" + Sql(scenario) + ", input => $1::jsonb, idempotency_key => $2)",
                $$"""{"n":{{n}}}""", n.ToString(CultureInfo.InvariantCulture));
            _started[n] = (scenario, id);
            if (scenario.Name == "signal")
                await InsistAsync("SELECT df.signal($1, 'go', '1')", id);
            if (scenario.IsCancelled)
                await CancelAsync(n, id);
            await Poll.UntilAsync("there is room", async () => stop.IsCancellationRequested
                || await InsistAsync<long>("SELECT count(*) FROM df.queue") < 40, TimeSpan.FromMinutes(2));
        }
    }

    private async Task CancelAsync(int n, string id)
    {
        await Poll.UntilAsync("it waits", async () =>
            await InsistAsync<long>($"SELECT count(*) FROM {_user.Schema}.marks WHERE n = {n}") == 1, TimeSpan.FromMinutes(2));
        await InsistAsync("SELECT CASE WHEN df.status($1) = 'cancelled' THEN '' ELSE df.cancel($1) END", id);
    }

    private Task<string> InsistAsync(string sql, params string[] parameters) => InsistAsync<string>(sql, parameters);

    /// <summary>Until the database answers. What it is asked can be asked twice.</summary>
    private async Task<T> InsistAsync<T>(string sql, params string[] parameters)
    {
        while (true)
        {
            try
            {
                await using var connection = await _user.ConnectAsync();
                await using var command = new NpgsqlCommand(sql, connection);
                foreach (var parameter in parameters)
                    command.Parameters.Add(new() { Value = parameter });
                return (T)(await command.ExecuteScalarAsync())!;
            }
            catch (Exception e) when (e is NpgsqlException and not PostgresException { SqlState: ['2' or '4', ..] }
                or InvalidOperationException or IOException or TimeoutException)
            {
                await Task.Delay(50); // the rate of the attempts
            }
        }
    }

    // ---- chaos ---------------------------------------------------------------------------------------------------

    private async Task BreakAsync(TimeSpan duration)
    {
        var other = await WorkerProcess.StartAsync(_cluster);
        var watch = Stopwatch.StartNew();
        var count = new SortedDictionary<string, int>(StringComparer.Ordinal);
        (string Name, Func<Task> Do)[] faults =
        [
            ("worker killed", async () =>
            {
                other.Kill();
                other.Dispose();
                other = await WorkerProcess.StartAsync(_cluster);
            }),
            ("server's worker killed", async () => await _cluster.KillWorkerAsync()),
            ("worker frozen", async () =>
            {
                other.Signal("STOP");
                await Task.Delay(_random.Next(2000)); // how long it is frozen
                other.Signal("CONT");
            }),
            ("backends terminated", async () => await _cluster.ExecuteAsync(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'pg_durable:worker%' "
                    + "AND random() < 0.3")),
            ("backends terminated", async () => await _cluster.ExecuteAsync(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pg_durable:worker:workflow-sql'")),
            ("server restarted", async () =>
            {
                await _cluster.StopServerAsync();
                await _cluster.StartServerAsync();
            }),
            ("server killed", async () =>
            {
                await _cluster.KillServerAsync();
                await _cluster.StartServerAsync();
            }),
            ("connections exhausted", ExhaustAsync),
        ];
        try
        {
            for (var i = 0; watch.Elapsed < duration; i++)
            {
                // Each once, then as it comes.
                var (name, fault) = faults[i < faults.Length ? i : _random.Next(faults.Length)];
                try
                {
                    await fault();
                    count[name] = count.GetValueOrDefault(name) + 1;
                    _faults++;
                }
                catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
                {
                    // the fault before is still at work
                }
                await Task.Delay(_random.Next(1500)); // the random moment
            }
        }
        finally
        {
            other.Dispose();
        }
        output.WriteLine($"{_started.Count} instances; " + string.Join(", ", count.Select(fault => $"{fault.Key} {fault.Value} times")));
    }

    private async Task ExhaustAsync()
    {
        var held = new List<NpgsqlConnection>();
        try
        {
            while (held.Count < 100)
                held.Add(await _cluster.ConnectAsync());
        }
        catch (InvalidOperationException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.TooManyConnections })
        {
            await Task.Delay(1000); // how long nobody gets in
        }
        finally
        {
            foreach (var connection in held)
                await connection.DisposeAsync();
        }
    }

    // ---- the end -------------------------------------------------------------------------------------------------

    private async Task AssertAsync()
    {
        var s = _user.Schema;
        var wrong = new List<string>();
        foreach (var (n, (scenario, id)) in _started.OrderBy(started => started.Key))
        {
            var status = await _cluster.ScalarAsync<string>(
                $"SELECT o.status FROM df.submissions s JOIN df.outcomes o USING (instance_no) WHERE s.id = '{id}'");
            var marks =
                await _cluster.ScalarAsync<string>($"SELECT coalesce(string_agg(mark, ' ' ORDER BY mark), '') FROM {s}.log WHERE n = {n}");
            if ((status, marks) != (scenario.Status, scenario.Marks))
            {
                var error = await _cluster.ScalarAsync<string>(
                    $"SELECT coalesce(o.error::text, '') FROM df.submissions s JOIN df.outcomes o USING (instance_no) WHERE s.id = '{id}'");
                wrong.Add($"{scenario.Name} {id} (n = {n}): {status} with marks '{marks}', "
                    + $"not {scenario.Status} with '{scenario.Marks}' {error}");
            }
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(_started.Count > 2 * Scenario.All.Length, $"only {_started.Count} instances were started: this was no load");

        Assert.Equal(
            0L, await _cluster.ScalarAsync<long>($"SELECT count(*) FROM (SELECT FROM {s}.log GROUP BY n, mark HAVING count(*) > 1) twice"));
        await Poll.UntilAsync("one worker is left, with its own sessions only", async () =>
            await _cluster.ScalarAsync<bool>("SELECT count(*) = 1 FROM df.workers")
            && await _cluster.ScalarAsync<bool>(
                "SELECT count(*) <= 16 FROM pg_stat_activity WHERE application_name LIKE 'pg_durable:worker%'"));
        await Poll.UntilAsync(
            "nothing is left to be looked at", async () => await _cluster.ScalarAsync<bool>("SELECT count(*) = 0 FROM df.wakeups"));
        // At least once, and always under the same key.
        Assert.All(_server.Requests.GroupBy(request => request.Url), requests =>
            Assert.Single(requests.Select(request => request.Headers["Idempotency-Key"]).Distinct()));
        Assert.Equal(
            _started.Count(started => started.Value.Scenario.Name == "http"),
            _server.Requests.Select(request => request.Url).Distinct().Count());
    }
}
