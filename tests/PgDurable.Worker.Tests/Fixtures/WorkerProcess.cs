using System.Diagnostics;
using Npgsql;

namespace PgDurable.Worker.Tests.Fixtures;

/// <summary>
/// The installed worker executable in a process of the test's own, which it may kill as often as it likes: the launcher would wait longer
/// each time.
/// </summary>
sealed class WorkerProcess : IDisposable
{
    readonly Process _process;

    WorkerProcess(Process process) => _process = process;

    readonly System.Collections.Concurrent.ConcurrentQueue<string> _output = new();

    public int Pid => _process.Id;

    /// <summary>What it has written, log included.</summary>
    public string Output => string.Join('\n', _output);

    public static async Task<WorkerProcess> StartAsync(PgCluster cluster, params (string Name, string Value)[] environment)
    {
        var connection = new NpgsqlConnectionStringBuilder(cluster.ConnectionString());
        var executable =
            Path.Combine(await cluster.ScalarAsync<string>("SELECT setting FROM pg_config WHERE name = 'PKGLIBDIR'"), "pg_durable_worker");
        var start = new ProcessStartInfo(executable) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PGHOST"] = connection.Host;
        start.Environment["PGPORT"] = connection.Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        start.Environment["PGUSER"] = connection.Username;
        start.Environment["PGDATABASE"] = connection.Database;
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        var worker = new WorkerProcess(process);
        process.OutputDataReceived += (_, line) => worker._output.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => worker._output.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return worker;
    }

    /// <summary>kill -9.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Signal(string name)
    {
        using var kill = Process.Start("kill", ["-" + name, Pid.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }
}
