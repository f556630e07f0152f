namespace PgDurable.Worker.Tests.Differential;

/// <summary>A step that comes again and again means each time what it would mean in psql at that moment.</summary>
[Collection(OneConnection.Name)]
public sealed class KeptPlanTests(OneConnection fixture)
{
    private const int Often = 12;

    [Theory]
    [InlineData("a text search configuration that was replaced",
        "CREATE TEXT SEARCH CONFIGURATION c1 (COPY = english)", "SELECT to_tsvector('c1', 'the cats')::text AS v", "'cat':2",
        "ALTER TEXT SEARCH CONFIGURATION c1 RENAME TO old; CREATE TEXT SEARCH CONFIGURATION c1 (COPY = simple)", "'cats':2 'the':1")]
    [InlineData("a text search configuration with another dictionary",
        "CREATE TEXT SEARCH CONFIGURATION c1 (COPY = english)", "SELECT to_tsvector('c1', 'the cats')::text AS v", "'cat':2",
        "ALTER TEXT SEARCH CONFIGURATION c1 ALTER MAPPING REPLACE english_stem WITH simple", "'cats':2 'the':1")]
    [InlineData("a configuration that is gone",
        "CREATE TEXT SEARCH CONFIGURATION c1 (COPY = english)", "SELECT to_tsvector('c1', 'the cats')::text AS v", "'cat':2",
        "DROP TEXT SEARCH CONFIGURATION c1", "42704")]
    [InlineData("a dictionary with other options",
        "CREATE TEXT SEARCH DICTIONARY d1 (TEMPLATE = simple)", "SELECT ts_lexize('d1', 'The')::text AS v", "{the}",
        "ALTER TEXT SEARCH DICTIONARY d1 (STOPWORDS = english)", "{}")]
    [InlineData("a table in front of another",
        "CREATE TABLE t AS SELECT 'behind' AS v; CREATE SCHEMA _S_x; ALTER ROLE _S_ SET search_path = _S_x, _S_, public",
        "SELECT v FROM t", "behind",
        "CREATE TABLE _S_x.t AS SELECT 'in front' AS v", "in front")]
    [InlineData("a function that fits better",
        "CREATE FUNCTION f(text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN 'text'; END $$", "SELECT f('x'::varchar) AS v", "text",
        "CREATE FUNCTION f(varchar) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN 'varchar'; END $$", "varchar")]
    [InlineData("a function that says IMMUTABLE and reads a table",
        "CREATE TABLE t AS SELECT 'before' AS v; CREATE FUNCTION f() RETURNS text LANGUAGE plpgsql IMMUTABLE "
            + "AS $$ BEGIN RETURN (SELECT v FROM t); END $$", "SELECT f() AS v", "before",
        "UPDATE t SET v = 'after'", "after")]
    [InlineData("the same in a view, behind a SQL function",
        "CREATE TABLE t AS SELECT 'before' AS v; CREATE FUNCTION f() RETURNS text LANGUAGE plpgsql IMMUTABLE "
            + "AS $$ BEGIN RETURN (SELECT v FROM t); END $$; "
            + "CREATE FUNCTION g() RETURNS text STABLE LANGUAGE sql AS 'SELECT f()'; CREATE VIEW w AS SELECT g() AS v",
        "SELECT v FROM w", "before", "UPDATE t SET v = 'after'", "after")]
    [InlineData("a label that was renamed",
        "CREATE TYPE size AS ENUM ('small')", "SELECT 'small'::size::text AS v", "small",
        "ALTER TYPE size RENAME VALUE 'small' TO 'tiny'", "22P02")]
    [InlineData("a column of another type",
        "CREATE TABLE t AS SELECT '1'::text AS v", "SELECT v || '' AS v FROM t", "1", "ALTER TABLE t ALTER v TYPE char(3)", "1")]
    public async Task Statement_AfterAChange_IsReadAnew(
        string what, string before, string statement, string value, string change, string changed)
    {
        Assert.NotEmpty(what);
        await using var user = await fixture.UserAsync();
        await fixture.Cluster.ExecuteAsync($"GRANT CREATE ON DATABASE postgres TO {user.Role}");
        await user.ExecuteAsync(before.Replace("_S_", user.Schema, StringComparison.Ordinal));
        Assert.Equal(value, await RunAsync(user, statement, Often));
        await user.ExecuteAsync(change.Replace("_S_", user.Schema, StringComparison.Ordinal));
        Assert.Equal(changed, await RunAsync(user, statement, 2));
    }

    [Fact]
    public async Task Statement_ThatChangesASetting_IsReadWithoutIt()
    {
        await using var user = await fixture.UserAsync();
        // Read before the setting changes, each time; a plan made afterwards must not be used.
        const string statement = "SELECT CASE WHEN set_config('DateStyle', 'DMY', true) <> '' THEN ('01/02/2026'::date)::text END AS v";
        for (var i = 0; i < 3; i++)
            Assert.Equal("2026-01-02", await RunAsync(user, statement, Often));
    }

    private static async Task<string> RunAsync(TestUser user, string statement, int times)
    {
        var id = await user.ScalarAsync<string>(
            $"SELECT df.start(('SELECT g FROM generate_series(1, {times}) g' |=> 'n') ~> df.foreach('n', $1, max_parallel => 1))",
            statement);
        if (await user.EndAsync(id) == "failed")
            return (await user.ErrorAsync(id)).GetProperty("sqlstate").GetString()!;
        return Assert.Single((await user.ResultAsync(id)).EnumerateArray()
            .Select(step => step.GetProperty("rows")[0].GetProperty("v").GetString()!).Distinct());
    }
}
