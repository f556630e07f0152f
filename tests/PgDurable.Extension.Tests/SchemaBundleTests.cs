using System.Diagnostics;
using System.Text.RegularExpressions;
using PgDurable.TestKit;

namespace PgDurable.Extension.Tests;

/// <summary>pgdurable.sql, which a DBA runs with psql, is what PgDurableSchema.InstallAsync runs.</summary>
public sealed class SchemaBundleTests
{
    [Fact]
    public async Task Bundle_IsWhatInstallAsyncRuns()
    {
        var file = Path.Combine(Path.GetTempPath(), $"pgdurable-{Guid.NewGuid():N}.sql");
        try
        {
            var folder = Path.Combine(RepositoryRoot.Path, "src", "PgDurable.Extension");
            using var make = Process.Start("make", ["-s", "-C", folder, "WORKER=no", $"BUNDLE={file}", file]);
            await make.WaitForExitAsync();
            Assert.Equal(0, make.ExitCode);

            var bundle = await File.ReadAllTextAsync(file);
            var frame = new Regex(@"\A--[^\n]*\n\\set ON_ERROR_STOP on\nBEGIN;\n(.*)COMMIT;\n\z", RegexOptions.Singleline);
            var body = frame.Match(bundle).Groups[1].Value;
            Assert.Equal(WithoutTime(SchemaScripts.Install()), WithoutTime(body));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string WithoutTime(string script) => Regex.Replace(script, @"\(built [^)]*\)", "(built …)");
}
