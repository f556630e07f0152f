using System.Globalization;
using PgDurable.TestKit;

namespace PgDurable.Extension.Tests.Launching;

/// <summary>A server whose worker is a shell script, in a folder where the script can leave notes.</summary>
sealed class ScriptedWorker : IAsyncDisposable
{
    /// <summary>The last line of a script whose worker only has to exist.</summary>
    public const string Sleep = "exec sleep 1000";

    ScriptedWorker(string folder, PgCluster cluster)
    {
        Folder = folder;
        Cluster = cluster;
    }

    public string Folder { get; }

    public PgCluster Cluster { get; }

    /// <summary>Starts a server with a worker of these lines; <c>$notes</c> is the folder.</summary>
    public static async Task<ScriptedWorker> StartAsync(string script, params (string Name, string Value)[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("pgdw-").FullName;
        File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);
        var executable = Path.Combine(folder, "worker.sh");
        await File.WriteAllTextAsync(executable, $"#!/bin/sh\nnotes={folder}\necho $$ >> $notes/starts\n{script}\n");
        File.SetUnixFileMode(executable, (UnixFileMode)0b111_101_101);

        var all = settings.ToDictionary(s => s.Name, s => s.Value);
        all["pg_durable.worker_executable"] = executable;
        return new ScriptedWorker(folder, await PgCluster.StartAsync(new() { Worker = true, Settings = all }));
    }

    /// <summary>How often the script was started.</summary>
    public int Starts => Note("starts")?.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length ?? 0;

    /// <summary>What the script wrote to a file, or null.</summary>
    public string? Note(string name) =>
        Path.Combine(Folder, name) is var file && File.Exists(file) ? File.ReadAllText(file) : null;

    public Task<string> NoteAsync(string name) =>
        Poll.UntilAsync($"the worker wrote {name}", () => Task.FromResult(Note(name) is { Length: > 0 } text ? text : null));

    public void Leave(string name) => File.WriteAllText(Path.Combine(Folder, name), "");

    public Task LoggedAsync(string text) =>
        Poll.UntilAsync($"the server logged '{text}'", async () => (await Cluster.LogAsync()).Contains(text, StringComparison.Ordinal));

    /// <summary>The worker, after the script has replaced itself with its last program.</summary>
    public async Task<int> PidAsync(string program, int? not = null)
    {
        var found = await Poll.UntilAsync($"the worker runs {program}", () => Task.FromResult(
            Cluster.WorkerPid is { } pid && pid != not && Processes.CommandLine(pid).StartsWith(program, StringComparison.Ordinal)
                ? pid.ToString(CultureInfo.InvariantCulture) : null));
        return int.Parse(found, CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        Directory.Delete(Folder, true);
    }
}
