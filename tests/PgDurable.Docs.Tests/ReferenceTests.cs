namespace PgDurable.Docs.Tests;

/// <summary>docs/reference-sql.md is what a server says about schema df. <c>PGDURABLE_ACCEPT=1</c> writes it.</summary>
[Collection(ServerCollection.Name)]
public sealed class ReferenceTests(DocsCluster cluster)
{
    static readonly string File = Path.Combine(RepositoryRoot.Path, "docs/reference-sql.md");

    [Fact]
    public async Task Page_IsWhatTheServerSays()
    {
        await cluster.Server.ExecuteAsync(
            """
            CREATE ROLE reader; SELECT df.grant_usage('reader');
            CREATE ROLE caller; SELECT df.grant_usage('caller', include_http => true);
            CREATE FUNCTION text_of(text) RETURNS text LANGUAGE sql AS $$
                SELECT regexp_replace(replace($1, '<', '&lt;'), '([|*~@\\])', '\\\1', 'g')
            $$
            """);
        var query = await System.IO.File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Path, "tests/PgDurable.Docs.Tests/reference.sql"));
        var page = await cluster.Server.ScalarAsync<string>(query);
        if (Environment.GetEnvironmentVariable("PGDURABLE_ACCEPT") == "1")
            await System.IO.File.WriteAllTextAsync(File, page);

        Assert.Equal(page, await System.IO.File.ReadAllTextAsync(File));
    }
}
