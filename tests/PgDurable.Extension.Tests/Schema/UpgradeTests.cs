using PgDurable.TestKit;

namespace PgDurable.Extension.Tests.Schema;

/// <summary>ALTER EXTENSION pg_durable UPDATE leads from every released version to the schema of a fresh install.</summary>
public sealed class UpgradeTests
{
    // How an older version may differ, and the statements of the update. Each statement needs those before it.
    private static readonly (string Older, string[] Update)[] Differences =
    [
        ("DROP FUNCTION df.resume_restored()",
            ["{function}", "COMMENT ON FUNCTION df.resume_restored() IS '{comment}'", "REVOKE ALL ON FUNCTION df.resume_restored() FROM PUBLIC"]),
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

    [Fact]
    public async Task Update_FromEachReleasedVersion_EqualsAFreshInstall()
    {
        await using var cluster = await PgCluster.StartAsync();
        var fresh = await FreshAsync(cluster);
        foreach (var file in Directory.EnumerateFiles(
            Path.Combine(RepositoryRoot.Path, "src", "PgDurable.Extension", "updates"), "pg_durable--*.sql"))
        {
            if (Path.GetFileNameWithoutExtension(file).Split("--") is not [_, var released])
                continue;
            Assert.Equal(fresh, await UpdatedAsync(cluster, released));
        }
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
