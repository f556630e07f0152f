using System.Diagnostics;
using System.Runtime.InteropServices;

namespace PgDurable.Upgrade.Tests.Fixtures;

/// <summary>The newest released version, unpacked from tests/upgrade.</summary>
static class Release
{
    private const string Prefix = "pg_durable-", Suffix = "-pg15-amd64.tar.xz";

    private static readonly Lazy<string> s_folder = new(Unpack);

    /// <summary>The number of the version.</summary>
    public static string Version { get; } = Directory
        .EnumerateFiles(Path.Combine(RepositoryRoot.Path, "tests", "upgrade"), Prefix + "*" + Suffix)
        .Select(file => Path.GetFileName(file)[Prefix.Length..^Suffix.Length])
        .MaxBy(System.Version.Parse)!;

    /// <summary>The folder with its files.</summary>
    public static string Folder => s_folder.Value;

    /// <summary>The folder with its worker.</summary>
    public static string WorkerFolder => Path.Combine(Folder, "worker");

    /// <summary>Why its module can't run here; <c>null</c> if it can.</summary>
    public static string? Problem { get; } =
        RuntimeInformation.OSArchitecture != Architecture.X64 ? "the frozen module is for amd64"
        : PgConfig("--version").StartsWith("PostgreSQL 15", StringComparison.Ordinal) ? null : "the frozen module is for PostgreSQL 15";

    /// <summary>What pg_config says.</summary>
    public static string PgConfig(string option) =>
        Run(Environment.GetEnvironmentVariable("PG_CONFIG") ?? "pg_config", option).Trim();

    /// <summary>Runs a program and returns what it prints.</summary>
    public static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed");
    }

    private static string Unpack()
    {
        // The server's account must be able to read it.
        var folder = Path.Combine(Path.GetTempPath(), "pgd-release-" + Environment.ProcessId);
        Run("mkdir", "-p", "-m", "755", folder);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        Run("tar", "-xf", Path.Combine(RepositoryRoot.Path, "tests", "upgrade", Prefix + Version + Suffix), "-C", folder);
        return folder;
    }
}
