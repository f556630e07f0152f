using System.Diagnostics;
using System.Text.Json;

namespace PgDurable.Cli.Tests;

/// <summary>One run of the built tool, as a process.</summary>
public sealed record ToolRun(int ExitCode, string Output, string Error)
{
    // artifacts/bin/<project>/<configuration>
    private static readonly string Configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
    private static readonly string Bin = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", ".."));

    /// <summary>The application whose workflows it reads.</summary>
    public static string App => Built("PgDurable.Cli.Tests.App");

    /// <summary>An application whose workflows need activities of the other one.</summary>
    public static string Checkout => Built("PgDurable.Cli.Tests.Checkout");

    private static string Built(string project) => Path.Combine(Bin, project, Configuration, project + ".dll");

    public JsonElement Json => JsonElement.Parse(Output);

    public static async Task<ToolRun> RunAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        using var process = Start(environment, arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new(process.ExitCode, await output, await error);
    }

    public static Process Start(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(Bin, "PgDurable.Cli", Configuration, "PgDurable.Cli.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var name in (string[])["PGHOST", "PGPORT", "PGUSER", "PGDATABASE", "PGPASSWORD", "PGDURABLE_CONNECTION"])
            start.Environment.Remove(name);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
