using System.Diagnostics;
using PgDurable.TestKit;

namespace PgDurable.Extension.Tests.Schema;

/// <summary>The folder of a server's extension scripts. Removes at the end what a test added.</summary>
sealed class ExtensionScripts : IAsyncDisposable
{
    readonly string _folder;
    readonly HashSet<string> _written = [];

    ExtensionScripts(string folder) => _folder = folder;

    public static async Task<ExtensionScripts> OpenAsync(PgCluster cluster) =>
        new(Path.Combine(await cluster.ScalarAsync<string>("SELECT setting FROM pg_config WHERE name = 'SHAREDIR'"), "extension"));

    public Task<string> ReadAsync(string name) => File.ReadAllTextAsync(Path.Combine(_folder, name));

    public async Task WriteAsync(string name, string text)
    {
        _written.Add(name);
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, text);
        await RunAsync("install", "-m", "644", file, Path.Combine(_folder, name));
        File.Delete(file);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var name in _written)
            await RunAsync("rm", "-f", Path.Combine(_folder, name));
    }

    // As root if needed, like eng/install-extension.sh.
    async Task RunAsync(params string[] command)
    {
        var writable = await ExitCodeAsync(["test", "-w", _folder]) == 0;
        Assert.Equal(0, await ExitCodeAsync(writable ? command : ["sudo", "-n", .. command]));
    }

    static async Task<int> ExitCodeAsync(string[] command)
    {
        using var process = Process.Start(command[0], command[1..]);
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
