using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using Xunit.Abstractions;

namespace PgDurable.Worker.Tests.Fairness;

/// <summary>
/// One role does its worst. Another one's workflows of one step must start within a second and end within three, all the while. What the
/// machine itself stands still counts for nobody: a session beside them, which asks for nothing, tells how long that was.
/// </summary>
[Collection(AloneCollection.Name)]
public sealed partial class NoisyNeighbourTests(NoisyNeighbourTests.Server server, ITestOutputHelper output)
    : IClassFixture<NoisyNeighbourTests.Server>, IAsyncLifetime
{
    static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);
    static readonly TimeSpan LongestRun = TimeSpan.FromSeconds(3);
    static readonly TimeSpan Duration = TimeSpan.FromSeconds(2);

    readonly PgCluster _cluster = server.Cluster;

    public Task InitializeAsync() => Task.CompletedTask;

    // Nothing of one attack may be there when the next one begins.
    public Task DisposeAsync() => _cluster.ExecuteAsync(
        "TRUNCATE df.submissions, df.queue, df.checkpoints, df.outcomes, df.cancellations, df.signals, df.wakeups, df.pauses, df.graphs, "
            + "df.registrations, df.published_state");

    [Theory]
    [InlineData("long steps")]
    [InlineData("long steps of every kind")]
    [InlineData("slow requests")]
    [InlineData("endless loops")]
    [InlineData("long chains")]
    [InlineData("many starts")]
    [InlineData("floods of signals")]
    [InlineData("hints that nobody can take")]
    [InlineData("sleepers in many lanes")]
    [InlineData("children without an end")]
    [InlineData("a wide foreach")]
    public async Task Victim_BesideANoisyNeighbour_IsServed(string attack)
    {
        await using var attacker = await TestUser.CreateAsync(_cluster);
        await using var victim = await TestUser.CreateAsync(_cluster);
        await _cluster.ExecuteAsync($"SELECT df.grant_usage('{attacker.Role}', include_http => true)");
        await using var worker = await HostedWorker.StartAsync(_cluster.ConnectionString());
        await victim.RunAsync("SELECT 1 AS warm");

        using var over = new CancellationTokenSource();
        await using var noise = await AttackAsync(attack, attacker, over.Token);
        await using var bystander = new Bystander(await victim.ConnectAsync());
        var waits = new List<(double Start, double End)>();
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < Duration)
        {
            var id = await victim.StartAsync("SELECT pg_sleep(0.001)");
            await victim.EndAsync(id);
            waits.Add((
                await MillisecondsAsync(victim, id, "s.created_at", "o.started_at"),
                await MillisecondsAsync(victim, id, "s.created_at", "o.completed_at")));
        }
        await over.CancelAsync();

        var (start, end, stood) =
            (waits.Max(wait => wait.Start), waits.Max(wait => wait.End), (await bystander.LongestStandstillAsync()).TotalMilliseconds);
        output.WriteLine($"victim beside {attack}: {waits.Count} workflows, longest wait {start:0} ms, longest run {end:0} ms; "
            + $"the machine stood still for {stood:0} ms");
        Figures.Measure($"victim's longest wait beside {attack}", start, "ms");
        Assert.True(
            start <= LongestWait.TotalMilliseconds + stood,
            $"a victim's workflow waited {start:0} ms; the machine stood still for {stood:0} ms");
        Assert.True(
            end <= LongestRun.TotalMilliseconds + stood,
            $"a victim's workflow took {end:0} ms; the machine stood still for {stood:0} ms");
    }

    static Task<double> MillisecondsAsync(TestUser user, string id, string from, string to) => user.Cluster.ScalarAsync<double>(
        $"SELECT extract(epoch FROM {to} - {from})::float8 * 1000 FROM df.submissions s JOIN df.outcomes o USING (instance_no) "
            + $"WHERE s.id = '{id}'");

    public sealed class Server : IAsyncLifetime
    {
        public PgCluster Cluster { get; private set; } = null!;

        public async Task InitializeAsync() => Cluster = await Clusters.WithExtensionAsync(worker: false,
            ("pg_durable.http_allowed_hosts", "*"), ("pg_durable.http_allow_private_addresses", "on"), ("fsync", "off"));

        public async Task DisposeAsync() => await Cluster.DisposeAsync();
    }

    /// <summary>Asks the server for nothing, again and again, and notes how long that takes at most.</summary>
    sealed class Bystander : IAsyncDisposable
    {
        readonly NpgsqlConnection _session;
        readonly CancellationTokenSource _over = new();
        readonly Task<TimeSpan> _looking;

        public Bystander(NpgsqlConnection session)
        {
            _session = session;
            _looking = Task.Run(LookAsync);
        }

        public async Task<TimeSpan> LongestStandstillAsync()
        {
            await _over.CancelAsync();
            return await _looking;
        }

        public async ValueTask DisposeAsync()
        {
            await LongestStandstillAsync();
            await _session.DisposeAsync();
            _over.Dispose();
        }

        async Task<TimeSpan> LookAsync()
        {
            var longest = TimeSpan.Zero;
            while (!_over.IsCancellationRequested)
            {
                var began = Stopwatch.GetTimestamp();
                await RunAsync(_session, "SELECT");
                if (Stopwatch.GetElapsedTime(began) is var elapsed && elapsed > longest)
                    longest = elapsed;
                await Task.WhenAny(Task.Delay(TimeSpan.FromMilliseconds(20), _over.Token));
            }
            return longest;
        }
    }

    /// <summary>What goes on beside the victim.</summary>
    sealed class Noise(CancellationToken over) : IAsyncDisposable
    {
        readonly List<Task> _again = [];

        public SilentServer? Server { get; set; }

        public NpgsqlConnection? Session { get; set; }

        public void Again(TestUser user, Func<NpgsqlConnection, Task> what) => _again.Add(Task.Run(async () =>
        {
            await using var session = await user.ConnectAsync();
            while (!over.IsCancellationRequested)
            {
                try
                {
                    await what(session);
                }
                catch (PostgresException e) when (e.SqlState == "DF020")
                {
                    return; // a limit has ended it
                }
            }
        }, CancellationToken.None));

        public async ValueTask DisposeAsync()
        {
            await Task.WhenAll(_again);
            if (Session is not null)
                await Session.DisposeAsync();
            Server?.Dispose();
        }
    }

    /// <summary>Takes requests and does not answer.</summary>
    sealed class SilentServer : IDisposable
    {
        readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        readonly List<TcpClient> _clients = [];

        public SilentServer()
        {
            _listener.Start();
            _ = Task.Run(async () =>
            {
                while (true)
                    _clients.Add(await _listener.AcceptTcpClientAsync());
            });
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public int Requests => _clients.Count;

        public void Dispose()
        {
            _listener.Stop();
            foreach (var client in _clients.ToArray())
                client.Dispose();
        }
    }
}
