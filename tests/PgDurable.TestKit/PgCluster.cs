using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Npgsql;

namespace PgDurable.TestKit;

/// <summary>
/// A PostgreSQL server with pg_durable loaded: the one that the environment variable <c>PGDURABLE_TEST_DB</c> names, else a
/// throw-away cluster made by eng/cluster.sh, which is removed in the end.
/// </summary>
public sealed class PgCluster : IAsyncDisposable
{
    const string EnvironmentVariable = "PGDURABLE_TEST_DB";

    readonly NpgsqlConnectionStringBuilder _base;
    readonly string? _folder;
    readonly string? _pgConfig;

    PgCluster(NpgsqlConnectionStringBuilder connection, string? folder, string? pgConfig = null)
    {
        _base = connection;
        _folder = folder;
        _pgConfig = pgConfig;
    }

    /// <summary>Whether the server is ours, so that it can be killed and configured.</summary>
    public bool IsThrowAway => _folder is not null;

    /// <summary>Folder of the cluster; its server can write there.</summary>
    public string Folder => _folder ?? throw NotOurs();

    /// <summary>The worker that the server started, or null.</summary>
    public int? WorkerPid =>
        LauncherPid is { } launcher && Processes.ChildrenOf(launcher) is [var worker, ..] ? worker : null;

    /// <summary>The background worker that starts the worker, or null.</summary>
    public int? LauncherPid
    {
        get
        {
            foreach (var pid in PostmasterPid is { } postmaster ? Processes.ChildrenOf(postmaster) : [])
                if (Processes.CommandLine(pid).Contains("pg_durable launcher", StringComparison.Ordinal))
                    return pid;
            return null;
        }
    }

    /// <summary>The server's first process, or null when the server does not run.</summary>
    public int? PostmasterPid
    {
        get
        {
            var file = Path.Combine(Folder, "data", "postmaster.pid");
            if (!File.Exists(file) || File.ReadLines(file).FirstOrDefault() is not { } line)
                return null;
            var pid = int.Parse(line, CultureInfo.InvariantCulture);
            return Processes.IsAlive(pid) ? pid : null;
        }
    }

    public static async Task<PgCluster> StartAsync(PgClusterOptions? options = null)
    {
        if (Environment.GetEnvironmentVariable(EnvironmentVariable) is { Length: > 0 } given)
            return new PgCluster(new NpgsqlConnectionStringBuilder(given), null);

        options ??= new PgClusterOptions();
        var folder = Path.Combine(Path.GetTempPath(), "pgd-" + Guid.NewGuid().ToString("N")[..12]);
        List<string> arguments = ["up", folder];
        if (options.StandbyOf is { } primary)
            arguments.AddRange(["--standby-of", primary.Folder]);
        var settings = options.Settings.Prepend(new("pg_durable.worker", options.Worker ? "on" : "off"));
        foreach (var (name, value) in settings)
            arguments.AddRange(["--conf", $"{name}={value}"]);
        var output = await RunAsync(options.PgConfig, folder, [.. arguments]);

        var exported = output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Replace("export ", "", StringComparison.Ordinal).Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1]);
        return new PgCluster(new NpgsqlConnectionStringBuilder
        {
            Host = exported["PGHOST"],
            Port = int.Parse(exported["PGPORT"], CultureInfo.InvariantCulture),
            Username = exported["PGUSER"],
            Database = exported["PGDATABASE"],
        }, folder, options.PgConfig);
    }

    /// <summary>How to connect, not pooled unless asked for.</summary>
    public string ConnectionString(string? database = null, string? user = null, bool pooling = false, string? options = null)
    {
        var result = new NpgsqlConnectionStringBuilder(_base.ConnectionString) { Pooling = pooling, IncludeErrorDetail = true };
        if (database is not null)
            result.Database = database;
        if (user is not null)
            result.Username = user;
        if (options is not null)
            result.Options = options;
        return result.ConnectionString;
    }

    /// <summary>An open connection.</summary>
    public async Task<NpgsqlConnection> ConnectAsync(string? database = null, string? user = null, string? options = null)
    {
        var connection = new NpgsqlConnection(ConnectionString(database, user, options: options));
        try
        {
            await connection.OpenAsync();
            return connection;
        }
        catch (Exception exception) when (IsThrowAway && options is null)
        {
            await connection.DisposeAsync();
            throw new InvalidOperationException($"Cannot connect. Server log:\n{await LogAsync()}", exception);
        }
    }

    /// <summary>Runs statements as the superuser.</summary>
    public async Task ExecuteAsync(string sql, string? database = null)
    {
        await using var connection = await ConnectAsync(database);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>One value, read as the superuser.</summary>
    public async Task<T> ScalarAsync<T>(string sql, string? database = null)
    {
        await using var connection = await ConnectAsync(database);
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>
    /// Runs one of PostgreSQL's client programs, connected as the superuser, and returns what it printed, warnings included.
    /// </summary>
    public async Task<string> RunProgramAsync(string program, params string[] arguments)
    {
        var folder = await ScalarAsync<string>("SELECT setting FROM pg_config WHERE name = 'BINDIR'");
        var start =
            new ProcessStartInfo(Path.Combine(folder, program), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PGHOST"] = _base.Host;
        start.Environment["PGPORT"] = _base.Port.ToString(CultureInfo.InvariantCulture);
        start.Environment["PGUSER"] = _base.Username;
        start.Environment["PGPASSWORD"] = _base.Password;
        start.Environment["PGDATABASE"] = _base.Database;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? await output + await errors
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed ({process.ExitCode}): {await errors}");
    }

    /// <summary>Creates a role without login, if it does not exist.</summary>
    public Task CreateRoleAsync(string name) => ExecuteAsync(
        $"""
         DO $$ BEGIN
             CREATE ROLE "{name.Replace("\"", "\"\"", StringComparison.Ordinal)}";
         EXCEPTION WHEN duplicate_object THEN NULL;
         END $$
         """);

    /// <summary>Stops the server at once, as a crash would.</summary>
    public Task KillServerAsync() => RunAsync(_pgConfig, Folder, "kill", Folder);

    /// <summary>Stops the server as an administrator would.</summary>
    public Task StopServerAsync() => RunAsync(_pgConfig, Folder, "down", Folder);

    public Task StartServerAsync() => RunAsync(_pgConfig, Folder, "start", Folder);

    /// <summary>Asks the server to stop once its clients are gone, and returns at once.</summary>
    public void BeginSmartStop() =>
        Processes.Signal(PostmasterPid ?? throw new InvalidOperationException("The server does not run."), PosixSignal.SIGTERM);

    /// <summary>kill -9 of the server's first process; its other processes notice and end by themselves.</summary>
    public async Task KillPostmasterAsync()
    {
        var postmaster = PostmasterPid ?? throw new InvalidOperationException("The server does not run.");
        var others = Processes.ChildrenOf(postmaster);
        Processes.Kill(postmaster);
        await Poll.UntilAsync("the server's processes are gone", () => Task.FromResult(!others.Any(Processes.IsAlive)));
    }

    /// <summary>The worker, once it runs. <paramref name="not"/>: a process id that is known to be an earlier one.</summary>
    public async Task<int> WorkerPidAsync(int? not = null, TimeSpan? deadline = null)
    {
        var pid = await Poll.UntilAsync<object>(
            "a worker runs", () => Task.FromResult<object?>(WorkerPid is { } found && found != not ? found : null), deadline);
        return (int)pid;
    }

    /// <summary>kill -9 of the worker. Returns the process id that it had.</summary>
    public async Task<int> KillWorkerAsync()
    {
        var pid = await WorkerPidAsync();
        Processes.Kill(pid);
        return pid;
    }

    /// <summary>The server's log; empty when the server is not ours.</summary>
    public async Task<string> LogAsync()
    {
        if (!IsThrowAway)
            return "";
        var file = Path.Combine(Folder, "server.log");
        return File.Exists(file) ? await File.ReadAllTextAsync(file) : "";
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (_folder is not null)
            await RunAsync(_pgConfig, _folder, "destroy", _folder);
    }

    static async Task<string> RunAsync(string? pgConfig, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(RepositoryRoot.Path, "eng", "cluster.sh"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (pgConfig is not null)
            start.Environment["PG_CONFIG"] = pgConfig;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode == 0)
            return await output;

        var log = Path.Combine(folder, "server.log");
        throw new InvalidOperationException(
            $"cluster.sh {string.Join(' ', arguments)} failed ({process.ExitCode}): {await errors}\nServer log:\n" +
            (File.Exists(log) ? await File.ReadAllTextAsync(log) : "(none)"));
    }

    static NotSupportedException NotOurs() => new($"The server of {EnvironmentVariable} is not ours to configure, kill or inspect.");
}
