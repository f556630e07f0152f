using System.Diagnostics;

namespace PgDurable.Extension.Tests.Cluster;

/// <summary>A test with a stand-in for Citus, which needs dblink, and must not overwrite the real one.</summary>
sealed class NeedsDblinkFactAttribute : FactAttribute
{
    private static readonly string s_scripts = Path.Combine(ScriptsFolder(), "extension");

    public NeedsDblinkFactAttribute() =>
        Skip = !File.Exists(Path.Combine(s_scripts, "dblink.control")) ? "the server has no dblink"
            : File.Exists(Path.Combine(s_scripts, "citus.control")) ? "the server has Citus itself" : null;

    private static string ScriptsFolder()
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("PG_CONFIG") ?? "pg_config", ["--sharedir"])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        return process.StandardOutput.ReadToEnd().Trim();
    }
}
