using Npgsql;
using PgDurable.Extension.Tests.Sandbox;

namespace PgDurable.Extension.Tests.Grants;

/// <summary>df.grant_usage and df.revoke_usage: who can grant what, and what remains afterwards.</summary>
[Collection(SandboxCollection.Name)]
public sealed class GrantTests(SandboxFixture fixture)
{
    // Functions that not every user of workflows may call.
    private static readonly string[] Reserved =
    [
        "df.http(text, text, text, jsonb, integer)", "df.http_json(text, text, jsonb, jsonb, integer)",
        "df.http_multipart(text, text, jsonb, jsonb, integer)",
        "df.metrics()", "df.grant_usage(text, boolean, boolean)", "df.revoke_usage(text)", "df.resume_restored()",
    ];

    [Theory]
    [InlineData("""role"with"quote""")]
    [InlineData("labUser")]
    [InlineData("role with space")]
    [InlineData("größe; DROP SCHEMA df")]
    [InlineData("'single'")]
    public async Task Grant_OddName_GivesEnoughAndNoMore_RevokeTakesItAll(string role)
    {
        await using var session = await RoleAsync(role);
        Assert.Equal("42501", await FailAsync(session, "SELECT df.sql('SELECT 1')"));
        Assert.Equal("42501", await FailAsync(session, "SELECT df.start('SELECT 1')"));

        await SuperAsync($"SELECT df.grant_usage({Literal(role)})");
        await ExecuteAsync(session, "SELECT df.start('SELECT 1' |=> 'a' ~> 'SELECT $a')");
        Assert.Empty(await ExecutableAsync(role, Reserved));

        await SuperAsync($"SELECT df.grant_usage({Literal(role)}, include_http => true)");
        Assert.Equal(Reserved[..3], await ExecutableAsync(role, Reserved));

        await SuperAsync($"SELECT df.revoke_usage({Literal(role)})");
        Assert.Empty(await LeftAsync(role));
        Assert.Equal("42501", await FailAsync(session, "SELECT df.sql('SELECT 1')"));
    }

    [Fact]
    public async Task Admin_PassesOnWhatItHolds_AndNothingElse()
    {
        await using var admin = await RoleAsync("grants admin");
        await using var user = await RoleAsync("grants user");
        await SuperAsync("SELECT df.grant_usage('grants admin', with_grant => true)");
        Assert.True(await TrueAsync("has_function_privilege('grants admin', 'df.metrics()', 'EXECUTE WITH GRANT OPTION')"));

        Assert.Equal("42501", await FailAsync(admin, "SELECT df.grant_usage('grants user', include_http => true)"));
        Assert.Empty(await LeftAsync("grants user"));
        await ExecuteAsync(admin, "SELECT df.grant_usage('grants user', with_grant => true)");
        await ExecuteAsync(user, "SELECT df.start('SELECT 1')");
        await ExecuteAsync(user, "SELECT * FROM df.metrics()");

        // Nobody can revoke what they didn't grant: neither their own rights, nor, as the owner, the grants of an admin.
        await ExecuteAsync(admin, "SELECT df.revoke_usage('grants admin')");
        await ExecuteAsync(admin, "SELECT df.start('SELECT 1')");
        await SuperAsync("SELECT df.revoke_usage('grants user')");
        await ExecuteAsync(user, "SELECT df.start('SELECT 1')");

        await ExecuteAsync(admin, "SELECT df.revoke_usage('grants user')");
        Assert.Empty(await LeftAsync("grants user"));

        // An admin's grants disappear with the admin's own rights.
        await ExecuteAsync(admin, "SELECT df.grant_usage('grants user')");
        await SuperAsync("SELECT df.revoke_usage('grants admin')");
        Assert.Empty(await LeftAsync("grants user"));
        Assert.Empty(await LeftAsync("grants admin"));
    }

    [Fact]
    public async Task Helper_OfARoleWithoutGrantOption_GivesNothing()
    {
        await using var helper = await RoleAsync("grants helper");
        await using var victim = await RoleAsync("grants victim");
        await SuperAsync("SELECT df.grant_usage('grants helper')");
        await SuperAsync("GRANT EXECUTE ON FUNCTION df.grant_usage(text, boolean, boolean), df._user_functions(), df._user_privileges() "
            + "TO \"grants helper\"");
        Assert.Equal("42501", await FailAsync(helper, "SELECT df.grant_usage('grants victim')"));
        Assert.Empty(await LeftAsync("grants victim"));
        await SuperAsync("SELECT df.revoke_usage('grants helper')");
    }

    [Fact]
    public async Task Public_IsEverybody_InLowerCaseOnly()
    {
        await using var anybody = await RoleAsync("grants anybody");
        await SuperAsync("SELECT df.grant_usage('public')");
        await ExecuteAsync(anybody, "SELECT df.start('SELECT 1')");
        await SuperAsync("SELECT df.revoke_usage('public')");
        Assert.Equal("42501", await FailAsync(anybody, "SELECT df.start('SELECT 1')"));

        await using var super = await fixture.Cluster.ConnectAsync();
        foreach (var function in (string[])["grant_usage", "revoke_usage"])
        {
            Assert.Equal("42704", await FailAsync(super, $"SELECT df.{function}('PUBLIC')"));
            Assert.Equal("22004", await FailAsync(super, $"SELECT df.{function}(NULL)"));
        }
    }

    async Task<NpgsqlConnection> RoleAsync(string role)
    {
        await fixture.Cluster.CreateRoleAsync(role);
        var session = await fixture.Cluster.ConnectAsync();
        await ExecuteAsync(session, $"SET SESSION AUTHORIZATION \"{role.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
        return session;
    }

    // Every right on anything in schema df.
    Task<IReadOnlyList<string>> LeftAsync(string role) => ListAsync(
        $"""
         SELECT 'schema' WHERE has_schema_privilege({Literal(role)}, 'df', 'USAGE')
         UNION ALL
         SELECT p.oid::regprocedure::text FROM pg_proc p
          WHERE p.pronamespace = 'df'::regnamespace AND has_function_privilege({Literal(role)}, p.oid, 'EXECUTE')
         UNION ALL
         SELECT c.relname::text FROM pg_class c
          WHERE c.relnamespace = 'df'::regnamespace AND c.relkind IN ('r', 'v')
            AND (has_any_column_privilege({Literal(role)}, c.oid, 'SELECT, INSERT, UPDATE')
                 OR has_table_privilege({Literal(role)}, c.oid, 'DELETE'))
         """);

    Task<IReadOnlyList<string>> ExecutableAsync(string role, string[] functions) => ListAsync(
        $"""
         SELECT f FROM unnest(ARRAY[{string.Join(", ", functions.Select(Literal))}]) WITH ORDINALITY u (f, n)
          WHERE has_function_privilege({Literal(role)}, f, 'EXECUTE') ORDER BY n
         """);

    async Task<IReadOnlyList<string>> ListAsync(string query)
    {
        await using var connection = await fixture.Cluster.ConnectAsync();
        await using var command = new NpgsqlCommand(query, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var found = new List<string>();
        while (await reader.ReadAsync())
            found.Add(reader.GetString(0));
        return found;
    }

    Task<bool> TrueAsync(string condition) => fixture.Cluster.ScalarAsync<bool>("SELECT " + condition);

    Task SuperAsync(string sql) => fixture.Cluster.ExecuteAsync(sql);

    static async Task ExecuteAsync(NpgsqlConnection session, string sql)
    {
        await using var command = new NpgsqlCommand(sql, session);
        await command.ExecuteNonQueryAsync();
    }

    static async Task<string> FailAsync(NpgsqlConnection session, string sql) =>
        (await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(session, sql))).SqlState;

    static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
