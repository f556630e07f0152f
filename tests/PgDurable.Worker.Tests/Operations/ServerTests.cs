using System.Net;
using System.Text.Json;

namespace PgDurable.Worker.Tests.Operations;

/// <summary>What an operator, a crash or a step does to the server, and what the worker that the server starts makes of it.</summary>
public sealed class ServerTests(ServerTests.Server fixture) : IClassFixture<ServerTests.Server>
{
    [Fact]
    public async Task Backends_AllTerminatedAtOnce_WorkGoesOnSoon()
    {
        var cluster = fixture.Cluster;
        await using var user = await fixture.UserAsync();
        for (var round = 0; round < 3; round++)
        {
            var long1 = await user.StartAsync("SELECT pg_sleep(300)");
            var long2 = await user.StartAsync("SELECT pg_sleep(300)");
            await user.ExecuteAsync("SELECT df.start('SELECT 1') FROM generate_series(1, 200)");
            await Poll.UntilAsync(
                "the long steps run", async () => await cluster.SessionsAsync("query LIKE '%pg_sleep(300)%' AND state = 'active'") == 2);
            var pid = await cluster.WorkerPidAsync();

            await cluster.ExecuteAsync(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'pg\\_durable:worker:%'");
            await using (new Deadline(TimeSpan.FromSeconds(10))) // it was 15 to 45
                await user.RunAsync("SELECT 1");

            Assert.Equal(pid, await cluster.WorkerPidAsync());
            foreach (var id in (string[])[long1, long2])
                await user.ScalarAsync<string>("SELECT df.cancel($1, 'enough')", id);
        }
    }

    [Fact]
    public async Task Reload_SettingsCount_AndNothingElseHappens()
    {
        var cluster = fixture.Cluster;
        await using var user = await fixture.UserAsync();
        await using var gate = await Gate.CloseAsync(cluster);
        await user.ExecuteAsync($"CREATE TABLE {user.Schema}.t (n int)");
        var id = await user.StartAsync(Graphs.Sequence($"INSERT INTO {user.Schema}.t SELECT 1 FROM (SELECT {gate.Pass}) g", "SELECT 1"));
        await gate.WaitedForAsync();
        var before = (await cluster.WorkerPidAsync(), await cluster.WorkerIdAsync());

        await cluster.ExecuteAsync("ALTER SYSTEM SET pg_durable.max_result_bytes = '2kB'");
        await cluster.ExecuteAsync("SELECT pg_reload_conf()");
        await Poll.UntilAsync("a result is too large now", async () =>
            await user.EndAsync(await user.StartAsync("SELECT repeat('x', 5000) AS v")) == "failed");
        await cluster.ExecuteAsync("ALTER SYSTEM RESET pg_durable.max_result_bytes");
        await cluster.ExecuteAsync("SELECT pg_reload_conf()");

        Assert.Equal(1L, await gate.WaitingAsync());
        await gate.OpenAsync();
        await user.ResultAsync(id);
        Assert.Equal(before, (await cluster.WorkerPidAsync(), await cluster.WorkerIdAsync()));
        await Poll.UntilAsync("it is not any more", async () =>
            await user.EndAsync(await user.StartAsync("SELECT repeat('x', 5000) AS v")) == "completed");
    }

    [Fact]
    public async Task Step_ThatCrashesTheServerEveryTime_FailsAndOthersGoOn()
    {
        var cluster = fixture.Cluster;
        var (id, other) = ("", "");
        await using (var user = await fixture.UserAsync())
        {
            await cluster.ExecuteAsync($"GRANT pg_execute_server_program TO {user.Role}");
            (id, other) = await RetryAsync(async () => (
                await user.StartAsync("COPY (SELECT 1) TO PROGRAM 'kill -9 $PPID'", key: "killer"),
                await user.StartAsync(Graphs.Sequence("SELECT pg_sleep(0.2)", "SELECT 1"), key: "other")));
        }

        await Poll.UntilAsync("the step has failed", () => RetryAsync(() => cluster.ScalarAsync<bool>(
            $"SELECT EXISTS (SELECT FROM df.outcomes o JOIN df.submissions s USING (instance_no) WHERE s.id = '{id}')")),
            TimeSpan.FromSeconds(120));
        await Poll.UntilAsync("the other has completed", () => RetryAsync(() => cluster.ScalarAsync<bool>(
            "SELECT EXISTS (SELECT FROM df.outcomes o JOIN df.submissions s USING (instance_no) "
                + $"WHERE s.id = '{other}' AND o.status = 'completed')")));

        var error = JsonElement.Parse(await cluster.ScalarAsync<string>(
            $"SELECT o.error::text FROM df.outcomes o JOIN df.submissions s USING (instance_no) WHERE s.id = '{id}'"));
        Assert.Equal("08006", error.GetProperty("sqlstate").GetString());
        Assert.Contains("5 times", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task End_ThatAClientHasSeen_StaysAfterACrash()
    {
        var cluster = fixture.Cluster;
        for (var round = 0; round < 3; round++)
        {
            string failed, waited;
            await using (var user = await fixture.UserAsync())
            {
                failed = await user.StartAsync("SELECT 1/0");
                waited = await user.StartAsync(Signal);
                await user.WaitingAsync(waited, "SIGNAL");
                await user.ExecuteAsync("SELECT df.signal($1, 'go', '{}')", waited);
                while (await user.ScalarAsync<string>("SELECT df.status($1) || df.status($2)", failed, waited) != "failedcompleted")
                    await Task.Yield(); // as soon as it can be seen
                await cluster.KillServerAsync();
            }
            await cluster.StartServerAsync();
            Assert.Equal("completed,failed", await cluster.ScalarAsync<string>(
                "SELECT string_agg(o.status, ',' ORDER BY o.status) FROM df.outcomes o JOIN df.submissions s USING (instance_no) "
                    + $"WHERE s.id IN ('{failed}', '{waited}')"));
        }
    }

    [Fact]
    public async Task Request_SentAgainAfterACrash_HasTheSameKey()
    {
        var cluster = fixture.Cluster;
        using var server = new HttpListener();
        var port = FreePort();
        server.Prefixes.Add($"http://127.0.0.1:{port}/");
        server.Start();
        for (var round = 0; round < 3; round++)
        {
            await using (var user = await fixture.UserAsync())
            {
                await cluster.ExecuteAsync($"SELECT df.grant_usage('{user.Role}', include_http => true)");
                await user.StartGraphAsync($"df.http('http://127.0.0.1:{port}/', 'GET')");
            }
            var first = await server.GetContextAsync();
            await cluster.KillServerAsync();
            first.Response.Abort();
            await cluster.StartServerAsync();
            var second = await server.GetContextAsync().WaitAsync(TimeSpan.FromSeconds(30));
            Assert.Equal(first.Request.Headers["Idempotency-Key"], second.Request.Headers["Idempotency-Key"]);
            second.Response.Close();
        }
    }

    [Fact]
    public async Task Launcher_InPgStatActivity_SaysWhatItDoes()
    {
        var pid = await fixture.Cluster.WorkerPidAsync();
        await Poll.UntilAsync("its row says so", () => fixture.Cluster.ScalarAsync<bool>(
            "SELECT count(*) = 1 FROM pg_stat_activity WHERE backend_type = 'pg_durable launcher' AND state = 'idle' "
                + $"AND query = 'worker running (PID {pid})'"));
        // It takes part in what the server asks of all its processes.
        await fixture.Cluster.ExecuteAsync("CREATE DATABASE launcher_test");
        await fixture.Cluster.ExecuteAsync("DROP DATABASE launcher_test");
    }

    const string Signal = """{"node_type":"SIGNAL","query":"{\"signal_name\":\"go\"}"}""";

    static int FreePort()
    {
        using var socket = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    /// <summary>Through restarts of the server.</summary>
    static async Task<T> RetryAsync<T>(Func<Task<T>> what)
    {
        for (var i = 0; ; i++)
        {
            try
            {
                return await what();
            }
            catch (Exception e) when (i < 600 && e is Npgsql.NpgsqlException or InvalidOperationException)
            {
                await Task.Delay(100);
            }
        }
    }

    sealed class Deadline(TimeSpan limit) : IAsyncDisposable
    {
        readonly long _began = System.Diagnostics.Stopwatch.GetTimestamp();

        public ValueTask DisposeAsync()
        {
            Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(_began) < limit,
                $"it took {System.Diagnostics.Stopwatch.GetElapsedTime(_began)}");
            return ValueTask.CompletedTask;
        }
    }

    public sealed class Server : IAsyncLifetime
    {
        public PgCluster Cluster { get; private set; } = null!;

        public async Task InitializeAsync() => Cluster = await Clusters.WithExtensionAsync(
            worker: true, ("pg_durable.http_allowed_hosts", "*"), ("pg_durable.http_allow_private_addresses", "on"),
            ("log_min_messages", "warning"));

        /// <summary>A role, once the server is up.</summary>
        public Task<TestUser> UserAsync() => RetryAsync(() => TestUser.CreateAsync(Cluster));

        public async Task DisposeAsync() => await Cluster.DisposeAsync();
    }
}
