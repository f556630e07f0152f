using System.Diagnostics;
using Npgsql;

namespace PgDurable.Worker.Tests.Chaos;

/// <summary>An application that runs activities, in a process that a test may kill.</summary>
internal sealed class RunnerProcess : IDisposable
{
    private readonly Process _process;
    private readonly System.Collections.Concurrent.ConcurrentQueue<string> _output = new();

    private RunnerProcess(Process process) => _process = process;

    /// <summary>What it has written, log included.</summary>
    public string Output => string.Join('\n', _output);

    /// <param name="user">The role whose tasks it runs. Its schema has the tables that the activities write.</param>
    public static RunnerProcess Start(TestUser user)
    {
        var connection = new NpgsqlConnectionStringBuilder(user.Cluster.ConnectionString())
        {
            ApplicationName = "runner",
            Options = $"-c role={user.Role} -c search_path={user.Schema}",
            MaxPoolSize = 10,
        };
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        // In its own folder: there it has what it depends on.
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(
            folder.Parent!.Parent!.FullName, "PgDurable.ActivityRunner", folder.Name, "PgDurable.ActivityRunner.dll");
        foreach (var argument in (string[])[program, connection.ConnectionString, "8", "2"])
            start.ArgumentList.Add(argument);
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        var runner = new RunnerProcess(Process.Start(start)!);
        runner._process.OutputDataReceived += (_, line) => runner._output.Enqueue(line.Data ?? "");
        runner._process.ErrorDataReceived += (_, line) => runner._output.Enqueue(line.Data ?? "");
        runner._process.BeginOutputReadLine();
        runner._process.BeginErrorReadLine();
        return runner;
    }

    /// <summary>kill -9.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }
}
