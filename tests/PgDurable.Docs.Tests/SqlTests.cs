using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace PgDurable.Docs.Tests;

/// <summary>
/// SQL on a page runs on a server, block by block. <c>sql admin</c> after the fence is what a superuser runs. Each page has a role and a
/// schema of its own, which the file of its name in <c>Preludes</c> fills. An id on a page is the id of the instance with the label
/// <c>page</c>, or else of the newest.
/// </summary>
[Trait("Needs", "pg_dump")] // psql comes with it
[Collection(ServerCollection.Name)]
public sealed partial class SqlTests(DocsCluster cluster)
{
    public static TheoryData<string> PagesWithSql => DocumentedPages.With("sql");

    public static TheoryData<string> PagesWithSettings => DocumentedPages.With("conf", "yaml");

    [Theory]
    [MemberData(nameof(PagesWithSql))]
    public async Task Sql_OfAPage_Runs(string page)
    {
        var schema = "page_" + NoLetter().Replace(page.ToLowerInvariant(), "_");
        await cluster.Server.ExecuteAsync(
            $"""
             CREATE ROLE {schema} LOGIN;
             CREATE SCHEMA AUTHORIZATION {schema};
             GRANT CREATE ON SCHEMA public TO {schema};
             GRANT CREATE ON DATABASE postgres TO {schema};
             SELECT df.grant_usage('{schema}', include_http => true);
             """);
        var prelude = Path.Combine(
            RepositoryRoot.Path, "tests/PgDurable.Docs.Tests/Preludes", Path.ChangeExtension(page.Replace('/', '.'), ".sql"));
        if (File.Exists(prelude))
            await RunAsync(prelude, schema, schema, await File.ReadAllTextAsync(prelude));

        foreach (var block in DocumentedPages.Blocks(page, "sql"))
        {
            var id = await cluster.Server.ScalarAsync<string>(
                $"""
                 SELECT coalesce(max(id), 'none') FROM (
                    SELECT id FROM df.submissions WHERE submitted_by = '{schema}'::regrole
                    ORDER BY label IS NOT DISTINCT FROM 'page' DESC, instance_no DESC LIMIT 1) AS newest
                 """);
            var sql = Id().Replace(block.Text, $"'{id}'");
            if (sql.Contains("DROP EXTENSION", StringComparison.Ordinal))
                sql = $"BEGIN; {sql}; ROLLBACK;"; // the other pages need it
            await RunAsync($"{page}:{block.Line}", block.Arguments == "admin" ? null : schema, schema, sql);
        }

        await cluster.Server.ExecuteAsync(
            """
            DO $$ BEGIN
                EXECUTE (SELECT coalesce(string_agg(format('DROP SERVER %I CASCADE', srvname), ';'), '') FROM pg_foreign_server);
            END $$
            """);
    }

    /// <summary>A setting is one that the server has, with a value that it takes.</summary>
    [Theory]
    [MemberData(nameof(PagesWithSettings))]
    public async Task Settings_OfAPage_AreAccepted(string page)
    {
        foreach (var line in DocumentedPages.Blocks(page, "conf").SelectMany(block => block.Text.Split('\n')))
            if (Setting().Match(line) is { Success: true } setting)
                await AcceptAsync(setting.Groups["name"].Value, setting.Groups["value"].Value);
            else
                Assert.True(line.Length == 0 || line.StartsWith('#'), $"{page}: {line}");

        // Patroni's configuration.
        foreach (var block in DocumentedPages.Blocks(page, "yaml"))
            if (DataBlock.Yaml(block) is { } root && root.Children.TryGetValue("postgresql", out var server))
                foreach (var (name, value) in ((YamlMappingNode)server["parameters"]).Children)
                    await AcceptAsync(name.ToString(), $"'{value}'");

        async Task AcceptAsync(string name, string value)
        {
            await cluster.Server.ExecuteAsync($"ALTER SYSTEM SET {name} = {value}");
            await cluster.Server.ExecuteAsync($"ALTER SYSTEM RESET {name}");
        }
    }

    async Task RunAsync(string place, string? user, string schema, string sql)
    {
        var (succeeded, output) = await cluster.PsqlAsync(user, schema, sql);
        Assert.True(succeeded, $"{place}, as {user ?? "a superuser"}: {output}");
    }

    [GeneratedRegex("[^a-z]")]
    private static partial Regex NoLetter();

    [GeneratedRegex("'[0-9a-f]{8}'")]
    private static partial Regex Id();

    [GeneratedRegex(@"^(?<name>[\w.]+) *= *(?<value>'[^']*'|[\w.]+) *(#.*)?$")]
    private static partial Regex Setting();
}
