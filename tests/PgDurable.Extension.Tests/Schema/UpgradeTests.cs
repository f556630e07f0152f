using System.Security.Cryptography;
using PgDurable.TestKit;

namespace PgDurable.Extension.Tests.Schema;

/// <summary>ALTER EXTENSION pg_durable UPDATE leads from every released version to the schema of a fresh install.</summary>
public sealed class UpgradeTests
{
    // How an older version may differ, and the statements of the update. Each statement needs those before it.
    private static readonly (string Older, string[] Update)[] Differences =
    [
        ("DROP FUNCTION df.resume_restored()",
            ["{function}", "COMMENT ON FUNCTION df.resume_restored() IS '{comment}'",
                "REVOKE ALL ON FUNCTION df.resume_restored() FROM PUBLIC"]),
        ("ALTER TABLE df.workers DROP COLUMN version",
            ["ALTER TABLE df.workers ADD COLUMN version text NOT NULL",
                "COMMENT ON COLUMN df.workers.version IS 'The worker''s version.'"]),
        ("ALTER TABLE df.workers ALTER COLUMN host DROP NOT NULL", ["ALTER TABLE df.workers ALTER COLUMN host SET NOT NULL"]),
        ("ALTER TABLE df.workers ALTER COLUMN pid TYPE bigint", ["ALTER TABLE df.workers ALTER COLUMN pid TYPE integer"]),
        ("ALTER TABLE df.workers ADD CONSTRAINT older CHECK (pid > 0)", ["ALTER TABLE df.workers DROP CONSTRAINT older"]),
        ("ALTER TABLE df.workers DISABLE ROW LEVEL SECURITY", ["ALTER TABLE df.workers ENABLE ROW LEVEL SECURITY"]),
        ("CREATE POLICY older ON df.workers USING (true)", ["DROP POLICY older ON df.workers"]),
        ("CREATE INDEX older ON df.workers (pid)", ["DROP INDEX df.older"]),
        ("ALTER TABLE df.queue DISABLE TRIGGER restored", ["ALTER TABLE df.queue ENABLE TRIGGER restored"]),
        ("GRANT SELECT ON df.workers TO PUBLIC", ["REVOKE SELECT ON df.workers FROM PUBLIC"]),
        ("SELECT pg_catalog.pg_extension_config_dump('df.workers', '')",
            ["SELECT pg_catalog.pg_extension_config_dump('df.workers', 'WHERE false')"]),
        ("COMMENT ON SCHEMA df IS 'older words'",
            ["COMMENT ON SCHEMA df IS 'Durable workflows: compose a graph of SQL steps, start it, and read what it did.'"]),
    ];

    private static readonly string Updates = Path.Combine(RepositoryRoot.Path, "src", "PgDurable.Extension", "updates");

    // Of every file in the folder, once its version is released.
    private static readonly (string File, string Hash)[] Frozen =
    [
        ("pg_durable--0.9.0.sql", "e0db4e13f857785a76688c5ca3bd6b616cd0840515c8b2171d3f1c53ecf707c3"),
    ];

    private static IEnumerable<string> Released => Directory.EnumerateFiles(Updates, "pg_durable--*.sql")
        .Select(file => Path.GetFileNameWithoutExtension(file).Split("--")).Where(parts => parts.Length == 2).Select(parts => parts[1]);

    [Fact]
    public async Task Update_FromEachReleasedVersion_EqualsAFreshInstall()
    {
        await using var cluster = await PgCluster.StartAsync();
        var fresh = await FreshAsync(cluster);
        foreach (var released in Released)
            Assert.Equal(fresh, await UpdatedAsync(cluster, released));
    }

    /// <summary>What was released never changes: the tree has another version, and the scripts are those of the release.</summary>
    [Fact]
    public async Task ReleasedVersions_AreFrozen()
    {
        await using var cluster = await PgCluster.StartAsync();
        var version = await cluster.ScalarAsync<string>("SELECT default_version FROM pg_available_extensions WHERE name = 'pg_durable'");
        Assert.NotEmpty(Released);
        Assert.DoesNotContain(version, Released);
        foreach (var released in Released)
        {
            Assert.True(File.Exists(Path.Combine(RepositoryRoot.Path, "tests", "upgrade", $"pg_durable-{released}-pg15-amd64.tar.xz")));
            var path = await cluster.ScalarAsync<string>(
                $"SELECT path FROM pg_extension_update_paths('pg_durable') WHERE source = '{released}' AND target = '{version}'");
            Assert.StartsWith($"{released}--", path, StringComparison.Ordinal);
        }
        foreach (var (file, hash) in Frozen)
            Assert.Equal(hash, Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(Updates, file)))));
    }

    [Fact]
    public async Task Update_WithoutAnyOneOfItsStatements_Differs()
    {
        await using var cluster = await PgCluster.StartAsync();
        var fresh = await FreshAsync(cluster);
        var version = await cluster.ScalarAsync<string>("SELECT default_version FROM pg_available_extensions WHERE name = 'pg_durable'");
        await cluster.ExecuteAsync("CREATE EXTENSION pg_durable");
        var function = await cluster.ScalarAsync<string>("SELECT pg_get_functiondef('df.resume_restored()'::regprocedure)");
        var comment = await cluster.ScalarAsync<string>("SELECT obj_description('df.resume_restored()'::regprocedure, 'pg_proc')");
        await cluster.ExecuteAsync("DROP EXTENSION pg_durable");

        await using var scripts = await ExtensionScripts.OpenAsync(cluster);
        var installed = await scripts.ReadAsync($"pg_durable--{version}.sql");
        await scripts.WriteAsync("pg_durable--synthetic.sql", installed + Script(Differences.Select(difference => difference.Older)));
        Assert.Equal(fresh, await UpdatedWithAsync(Differences));
        for (var i = 0; i < Differences.Length; i++)
        {
            for (var kept = 0; kept < Differences[i].Update.Length; kept++)
            {
                (string, string[])[] incomplete = [.. Differences];
                incomplete[i].Item2 = Differences[i].Update[..kept];
                Assert.False(
                    fresh.SequenceEqual(await UpdatedWithAsync(incomplete)), $"not noticed: \"{Differences[i].Update[kept]}\" is missing");
            }
        }

        async Task<IReadOnlyList<string>> UpdatedWithAsync(IEnumerable<(string Older, string[] Update)> differences)
        {
            var text = Script(differences.SelectMany(difference => difference.Update))
                .Replace("{function}", function, StringComparison.Ordinal).Replace("{comment}", comment, StringComparison.Ordinal);
            await scripts.WriteAsync($"pg_durable--synthetic--{version}.sql", text);
            return await UpdatedAsync(cluster, "synthetic");
        }
    }

    static string Script(IEnumerable<string> statements) => string.Concat(statements.Select(statement => $"\n{statement};"));

    static async Task<IReadOnlyList<string>> FreshAsync(PgCluster cluster)
    {
        await cluster.ExecuteAsync("CREATE EXTENSION pg_durable");
        var result = await SchemaDescription.ReadAsync(cluster);
        await cluster.ExecuteAsync("DROP EXTENSION pg_durable");
        Assert.True(result.Count > 100);
        return result;
    }

    static async Task<IReadOnlyList<string>> UpdatedAsync(PgCluster cluster, string from)
    {
        await cluster.ExecuteAsync($"CREATE EXTENSION pg_durable VERSION '{from}'");
        await cluster.ExecuteAsync("ALTER EXTENSION pg_durable UPDATE");
        var result = await SchemaDescription.ReadAsync(cluster);
        await cluster.ExecuteAsync("DROP EXTENSION pg_durable");
        return result;
    }
}
