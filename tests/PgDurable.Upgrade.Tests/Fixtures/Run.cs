using System.Globalization;
using System.Net;
using Npgsql;

namespace PgDurable.Upgrade.Tests.Fixtures;

/// <summary>A thousand instances of every kind on a server of its own, that begin with the released version.</summary>
sealed class Run : IAsyncDisposable
{
    public const int Instances = 31 * 33;

    readonly HttpListener _http = new();
    readonly TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    Run(ServerFiles files, PgCluster cluster) => (Files, Cluster) = (files, cluster);

    public ServerFiles Files { get; }

    public PgCluster Cluster { get; }

    public static async Task<Run> StartAsync()
    {
        var files = ServerFiles.WithRelease();
        var cluster = await PgCluster.StartAsync(new()
        {
            PgConfig = files.PgConfig,
            Worker = true,
            Settings = new Dictionary<string, string>
            {
                ["max_prepared_transactions"] = "5",
                ["pg_durable.http_allowed_hosts"] = "127.0.0.1",
                ["pg_durable.http_allow_private_addresses"] = "on",
            },
        });
        var run = new Run(files, cluster);
        await cluster.ExecuteAsync(
            "CREATE EXTENSION pg_durable; CREATE ROLE app LOGIN; GRANT CREATE ON SCHEMA public TO app; SELECT df.grant_usage('app', true)");
        await run.PsqlAsync("Kinds");
        var held = run.AnswerLaterAsync();
        await run.ExecuteAsync(
            $"INSERT INTO kinds VALUES ('http', fx('a') ~> df.http('{held}', 'POST', timeout_seconds => 200) ~> fx('b'), 'a b')");
        await run.PsqlAsync("Start");
        await run.UntilAsync("those that wait are there", "SELECT count(*) = 31 FROM df.tasks WHERE name = 'held'");
        await run.ExecuteAsync("CREATE TABLE held AS SELECT * FROM df.claim_tasks('{held}', 31, '10 minutes')");
        return run;
    }

    /// <summary>Waits until a worker of a version runs steps.</summary>
    public async Task WorksAsync(string version)
    {
        await UntilAsync($"a worker of {version} has registered", $"SELECT EXISTS (SELECT FROM df.workers WHERE version = '{version}')");
        // One of its own: on a slow machine, all others may wait for what comes later.
        await using var session = await Cluster.ConnectAsync(user: "app");
        var id = await ExecuteAsync(session, "SELECT df.start('SELECT 1')");
        await UntilAsync("it runs a step", $"SELECT df.status('{id}') = 'completed'");
    }

    /// <summary>Calls functions of every group as an application does.</summary>
    public Task CallAsync() => PsqlAsync("Calls");

    /// <summary>Gives the instances what they have waited for, waits for the last, and checks what each has done.</summary>
    public async Task AssertEachDidItsWorkOnceAsync()
    {
        await PsqlAsync("Release");
        _answer.SetResult();
        const string live = "FROM df.instances WHERE status IN ('pending', 'running') AND label LIKE '% %'";
        try
        {
            await Poll.UntilAsync(
                "all have ended", async () => !await Cluster.ScalarAsync<bool>($"SELECT EXISTS (SELECT {live})"), TimeSpan.FromSeconds(90));
        }
        catch (TimeoutException)
        {
            Assert.Fail(await Cluster.ScalarAsync<string>($"SELECT string_agg(concat_ws(': ', label, df.why(id)), E'\\n') {live}"));
        }
        Assert.Equal("", await Cluster.ScalarAsync<string>(await File.ReadAllTextAsync(Sql("Problems"))));
    }

    /// <summary>Runs a statement as the role that the instances belong to.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var connection = await Cluster.ConnectAsync(user: "app");
        await ExecuteAsync(connection, sql);
    }

    /// <summary>Runs a statement in a session.</summary>
    public static async Task<string?> ExecuteAsync(NpgsqlConnection session, string sql)
    {
        await using var command = new NpgsqlCommand(sql, session);
        return await command.ExecuteScalarAsync() as string;
    }

    public Task UntilAsync(string what, string condition) =>
        Poll.UntilAsync(what, () => Cluster.ScalarAsync<bool>(condition), TimeSpan.FromSeconds(60));

    public async ValueTask DisposeAsync()
    {
        _http.Close();
        await Cluster.DisposeAsync();
        Files.Dispose();
    }

    static string Sql(string name) =>
        Path.Combine(RepositoryRoot.Path, "tests", "PgDurable.Upgrade.Tests", "Sql", name + ".sql");

    Task PsqlAsync(string script) => Cluster.RunProgramAsync("psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-U", "app", "-f", Sql(script));

    // The address of a server that answers nobody until the end.
    string AnswerLaterAsync()
    {
        using (var free = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            _http.Prefixes.Add(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/"));
        }
        _http.Start();
        _ = Task.Run(async () =>
        {
            while (_http.IsListening)
                _ = AnswerAsync(await _http.GetContextAsync());
        });
        return _http.Prefixes.Single();

        async Task AnswerAsync(HttpListenerContext request)
        {
            await _answer.Task;
            request.Response.Close();
        }
    }
}
