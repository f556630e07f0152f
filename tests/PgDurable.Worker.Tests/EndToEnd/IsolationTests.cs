using Npgsql;

namespace PgDurable.Worker.Tests.EndToEnd;

/// <summary>
/// No role sees anything of another's instances. Relations and functions come from the catalog, so that a new one can't be forgotten.
/// </summary>
[Collection(WorkerCollection.Name)]
public sealed class IsolationTests(WorkerFixture fixture)
{
    const string Marker = "5ecre7";

    [Fact]
    public async Task Relations_OfAnotherRole_ShowNothing()
    {
        await using var owner = await fixture.UserAsync();
        await using var other = await fixture.UserAsync();
        await HistoryOfEveryKindAsync(owner);
        var relations = await ListAsync("SELECT c.oid::regclass::text FROM pg_class c WHERE c.relnamespace = 'df'::regnamespace "
            + "AND c.relkind IN ('r', 'v', 'm', 'p', 'f')");
        Assert.True(relations.Count >= 8, string.Join(", ", relations));

        var seenByOwner = 0;
        foreach (var relation in relations)
        {
            // Backwards, so that the question is no hit itself.
            var count = $"SELECT count(*) FROM {relation} r WHERE r::text LIKE '%' || reverse('{Backwards(Marker)}') || '%' "
                + $"OR r::text LIKE '%' || reverse('{Backwards(owner.Role)}') || '%'";
            Assert.Equal(0L, await CountVisibleAsync(other, count));
            // A step has no other eyes than its role.
            Assert.Equal(0, await StepSeesAsync(other, count));
            seenByOwner += await CountVisibleAsync(owner, count) > 0 ? 1 : 0;
        }
        Assert.True(seenByOwner >= 5, $"only {seenByOwner} relations show the owner's own rows: the test looks for the wrong thing");
    }

    [Fact]
    public async Task Functions_WithAnotherRolesId_TellNothing()
    {
        await using var owner = await fixture.UserAsync();
        await using var other = await fixture.UserAsync();
        var ids = await HistoryOfEveryKindAsync(owner);
        var functions = await ListAsync(
            """
            SELECT p.oid::regprocedure::text FROM pg_proc p
             WHERE p.pronamespace = 'df'::regnamespace AND p.prorettype <> 'trigger'::regtype
               AND p.proname NOT IN ('await_instance', 'start', 'cancel', 'grant_usage', 'revoke_usage') AND p.prokind = 'f'
            """);
        Assert.True(functions.Count >= 20);

        var toldOwner = 0;
        foreach (var function in functions)
            foreach (var id in ids)
            {
                var call = $"SELECT * FROM {Call(function, id)} r";
                Assert.DoesNotContain(Marker, await SayAsync(other, call));
                toldOwner += (await SayAsync(owner, call)).Contains(Marker, StringComparison.Ordinal) ? 1 : 0;
            }
        Assert.True(toldOwner >= 3, $"only {toldOwner} calls tell the owner anything: the test asks the wrong thing");
        var error = await Assert.ThrowsAsync<PostgresException>(() => other.ScalarAsync<string>("SELECT df.await_instance($1, 1)", ids[0]));
        Assert.Equal("DF002", error.SqlState);
    }

    [Fact]
    public async Task Catalog_NothingOfTheSchema_IsPublicOrWritable()
    {
        await using var user = await fixture.UserAsync();
        Assert.Equal(0L, await fixture.Cluster.ScalarAsync<long>(
            """
            SELECT (SELECT count(*) FROM pg_class c, aclexplode(c.relacl) a WHERE c.relnamespace = 'df'::regnamespace AND a.grantee = 0)
                 + (SELECT count(*) FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
                     WHERE p.pronamespace = 'df'::regnamespace AND a.grantee = 0)
                 + (SELECT count(*) FROM pg_namespace n, aclexplode(n.nspacl) a WHERE n.nspname = 'df' AND a.grantee = 0)
            """));
        // df.instances and df.nodes have a trigger that refuses it.
        const string writable = "df.bulks,df.cancellations,df.deletions,df.graphs,df.instances,df.moves,df.nodes,df.pauses,"
            + "df.published_state,df.registrations,df.retries,df.schedule_entries,df.signals,df.submissions,df.tags,df.task_grants,"
            + "df.task_queue,df.task_watches,df.vars,df.watches";
        Assert.Equal(writable, await user.ScalarAsync<string>(
            """
            SELECT string_agg(c.oid::regclass::text, ',' ORDER BY c.oid::regclass::text) FROM pg_class c
             WHERE c.relnamespace = 'df'::regnamespace AND c.relkind IN ('r', 'v', 'S')
               AND (has_any_column_privilege(c.oid, 'INSERT') OR has_any_column_privilege(c.oid, 'UPDATE')
                    OR has_table_privilege(c.oid, 'DELETE, TRUNCATE, TRIGGER, REFERENCES'))
            """.Replace("c.relkind IN ('r', 'v', 'S')", "c.relkind IN ('r', 'v')", StringComparison.Ordinal)));
        Assert.False(await user.ScalarAsync<bool>(
            "SELECT bool_or(has_any_column_privilege(c.oid, 'UPDATE')) FROM pg_class c WHERE c.relnamespace = 'df'::regnamespace "
                + "AND c.relkind IN ('r', 'v') AND c.relname NOT IN ('graphs', 'schedule_entries', 'vars', 'pauses', 'registrations', "
                + "'task_queue', 'task_grants', 'tags', 'published_state')"));
    }

    [Fact]
    public async Task Policies_LeakyFunction_SeesOnlyOwnRows()
    {
        await using var owner = await fixture.UserAsync();
        await using var other = await fixture.UserAsync();
        await HistoryOfEveryKindAsync(owner);
        await other.ExecuteAsync(
            $"""
             CREATE TABLE {other.Schema}.seen (what text);
             CREATE FUNCTION {other.Schema}.leak(text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS $f$
             BEGIN INSERT INTO {other.Schema}.seen VALUES ($1); RETURN true; END $f$
             """);
        foreach (var column in (string[])["graphs g WHERE LEAK(g.graph)", "submissions s WHERE LEAK(s.input::text)",
            "checkpoints c WHERE LEAK(c.result::text)", "outcomes o WHERE LEAK(o.error::text)", "instances i WHERE LEAK(i.label)"])
            await other.ExecuteAsync($"SELECT * FROM df.{column.Replace("LEAK", other.Schema + ".leak", StringComparison.Ordinal)}");
        Assert.Equal(0L, await fixture.Cluster.ScalarAsync<long>($"SELECT count(*) FROM {other.Schema}.seen WHERE what LIKE '%{Marker}%'"));
    }

    async Task<List<string>> HistoryOfEveryKindAsync(TestUser owner)
    {
        var good = await owner.StartAsync(
            Graphs.Sequence(("x", $"SELECT '{Marker}' AS v"), (null, $"SELECT $input.v || '{Marker}' AS v")), $$"""{"v":"{{Marker}}"}""",
            label: Marker, key: Marker);
        await owner.ResultAsync(good);
        var bad = await owner.StartAsync($"SELECT '{Marker}'::int");
        await owner.ErrorAsync(bad);
        await owner.ExecuteAsync("BEGIN");
        var cancelled = await owner.StartAsync($"SELECT '{Marker}'", label: Marker);
        await owner.ScalarAsync<string>("SELECT df.cancel($1, $2)", cancelled, Marker);
        await owner.ExecuteAsync("COMMIT");
        return [good, bad, cancelled];
    }

    // Every argument gets a value that makes the most of the function: ids for text, instance and graph numbers for numbers.
    string Call(string function, string id)
    {
        var open = function.IndexOf('(', StringComparison.Ordinal);
        var number = $"(SELECT n FROM (VALUES ({Number("instance_no", id)})) AS v (n))";
        var graph = $"(SELECT n FROM (VALUES ({Number("graph_id", id)})) AS v (n))";
        var arguments = function[(open + 1)..^1].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(type => type.Trim() switch
        {
            "text" => $"'{id}'",
            "bigint" => function.Contains("graph", StringComparison.Ordinal) ? graph : number,
            "integer" => "100",
            "boolean" => "true",
            var other => $"NULL::{other}",
        });
        if (function.StartsWith("df.list_instances", StringComparison.Ordinal))
            arguments = ["NULL", "1000"];
        return $"{function[..open]}({string.Join(", ", arguments)})";
    }

    long Number(string column, string id) =>
        fixture.Cluster.ScalarAsync<long>($"SELECT {column} FROM df.submissions WHERE id = '{id}'").GetAwaiter().GetResult();

    static string Backwards(string text) => new([.. text.Reverse()]);

    async Task<List<string>> ListAsync(string sql) =>
        [.. (await fixture.Cluster.ScalarAsync<string[]>($"SELECT array_agg(x) FROM ({sql}) AS l (x)"))];

    static async Task<long> CountVisibleAsync(TestUser user, string sql)
    {
        try
        {
            return await user.ScalarAsync<long>(sql);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return 0;
        }
    }

    static async Task<int> StepSeesAsync(TestUser user, string sql)
    {
        var id = await user.StartAsync(sql);
        return await user.EndAsync(id) == "failed"
            ? Refused(await user.ScalarAsync<string>("SELECT df.error($1)::json ->> 'sqlstate'", id))
            : (await user.ResultAsync(id)).GetProperty("rows")[0].GetProperty("count").GetInt32();

        static int Refused(string sqlState)
        {
            Assert.Equal("42501", sqlState);
            return 0;
        }
    }

    static async Task<string> SayAsync(TestUser user, string sql)
    {
        try
        {
            return await user.ScalarAsync<string>($"SELECT coalesce(string_agg(to_json(r)::text, ' '), '') FROM ({sql}) AS r");
        }
        catch (PostgresException e)
        {
            return $"{e.MessageText} {e.Detail} {e.Where}";
        }
    }
}
