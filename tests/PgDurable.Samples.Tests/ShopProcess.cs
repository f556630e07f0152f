using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using PgDurable.TestKit;

namespace PgDurable.Samples.Tests;

/// <summary>One process of samples/Shop, as it is deployed: the shop or the payment provider.</summary>
internal sealed partial class ShopProcess : IAsyncDisposable
{
    private const string AnyPort = "--urls=http://127.0.0.1:0";

    // artifacts/bin/<project>/<configuration>
    private static readonly string Configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
    private static readonly string Program =
        Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Shop", Configuration, "Shop.dll"));

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();

    private ShopProcess(string[] arguments)
    {
        _process = new()
        {
            StartInfo = new("dotnet", [Program, .. arguments, AnyPort]) { RedirectStandardOutput = true, RedirectStandardError = true },
        };
        _process.OutputDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        _process.ErrorDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
    }

    public HttpClient Http { get; } = new();

    /// <summary>Everything that it has written.</summary>
    public string Output => string.Join('\n', _output);

    public static async Task<ShopProcess> StartAsync(params string[] arguments)
    {
        var shop = new ShopProcess(arguments);
        shop._process.Start();
        shop._process.BeginOutputReadLine();
        shop._process.BeginErrorReadLine();
        try
        {
            shop.Http.BaseAddress = await Poll.UntilAsync("it listens", () => Task.FromResult(shop.Address()), TimeSpan.FromMinutes(1));
        }
        catch (Exception error)
        {
            await shop.DisposeAsync();
            throw new InvalidOperationException(shop.Output, error);
        }

        return shop;
    }

    /// <summary>kill -9</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
        Http.Dispose();
    }

    private Uri? Address()
    {
        var found = _output.Select(line => Listening().Match(line)).FirstOrDefault(match => match.Success);
        if (found is null && _process.HasExited)
            throw new InvalidOperationException("it has ended");
        return found is null ? null : new(found.Groups[1].Value);
    }

    [GeneratedRegex("Now listening on: (http://\\S+)")]
    private static partial Regex Listening();
}
