using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using PgDurable.TestKit;

namespace PgDurable.Samples.Tests;

/// <summary>One process of a sample, as it is deployed: an application, or another company's server.</summary>
internal sealed partial class SampleProcess : IAsyncDisposable
{
    private const string AnyPort = "--urls=http://127.0.0.1:0";

    // artifacts/bin/<project>/<configuration>
    private static readonly string Configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();

    private SampleProcess(string sample, string[] arguments)
    {
        var program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", sample, Configuration, $"{sample}.dll"));
        _process = new()
        {
            StartInfo = new("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true },
        };
        _process.OutputDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        _process.ErrorDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Talks to it, if it is a web application.</summary>
    public HttpClient Http { get; } = new();

    /// <summary>Its address, without a slash at the end.</summary>
    public string Url => Http.BaseAddress!.ToString().TrimEnd('/');

    /// <summary>Everything that it has written.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>Starts one that runs until it is killed, and waits until it is ready.</summary>
    public static async Task<SampleProcess> StartAsync(string sample, params string[] arguments)
    {
        var process = new SampleProcess(sample, [.. arguments, AnyPort]);
        try
        {
            await Poll.UntilAsync("it has started", () => Task.FromResult(process.HasStarted()), TimeSpan.FromMinutes(1));
            process.Http.BaseAddress = Listening().Match(process.Output) is { Success: true } found ? new(found.Groups[1].Value) : null;
        }
        catch (Exception error)
        {
            await process.DisposeAsync();
            throw new InvalidOperationException(process.Output, error);
        }

        return process;
    }

    /// <summary>Runs one that ends by itself, and returns what it printed.</summary>
    public static async Task<string> RunAsync(string sample, params string[] arguments)
    {
        await using var process = new SampleProcess(sample, arguments);
        await process._process.WaitForExitAsync();
        return process._process.ExitCode == 0 ? process.Output : throw new InvalidOperationException(process.Output);
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

    private bool HasStarted() => Output.Contains("Application started", StringComparison.Ordinal)
        || (_process.HasExited ? throw new InvalidOperationException("it has ended") : false);

    [GeneratedRegex("Now listening on: (http://\\S+)")]
    private static partial Regex Listening();
}
