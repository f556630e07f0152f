using System.Text.Json;
using Npgsql;

namespace PgDurable.Worker.Tests.EndToEnd;

/// <summary>What programs send that were written for Microsoft's pg_durable, named after what they need.</summary>
[Collection(WorkerCollection.Name)]
public sealed class OtherProgramsTests(WorkerFixture fixture)
{
    [Fact]
    public async Task Console_AsksForVersionSettingsAndNumbers_GetsThem()
    {
        var versions = await fixture.Cluster.ScalarAsync<string>(
            "SELECT e.extversion || ' ' || df.version() FROM pg_extension e WHERE e.extname = 'pg_durable' "
                + "AND string_to_array(e.extversion, '.')::int[] >= '{0,2,8}'");
        Assert.Matches(@"^(\d+\.\d+\.\d+) \1 \(built \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\)$", versions);

        Assert.Equal(1L, await fixture.Cluster.ScalarAsync<long>(
            "SELECT count(*) FROM df.metrics() m WHERE m.total_instances >= m.completed_instances AND m.total_events >= 0"));
        Assert.Equal("postgres", await fixture.Cluster.ScalarAsync<string>("SELECT current_setting('pg_durable.database', true)"));
        foreach (var setting in (string[])["worker_role", "retention_days", "reconcile_interval", "list_instances_max_limit",
            "max_user_connections", "max_management_connections", "max_new_transaction_starts"])
            Assert.NotEmpty(await fixture.Cluster.ScalarAsync<string>($"SELECT current_setting('pg_durable.{setting}', true)"));
        await Poll.UntilAsync("a worker says that it is ready", async () =>
            await fixture.Cluster.ScalarAsync<long>(
                "SELECT count(*) FROM df._worker_epoch WHERE last_seen_at > now() - interval '2 minutes'") == 1
            && await fixture.Cluster.ScalarAsync<long>("SELECT count(*) FROM _duroxide._worker_ready") == 1
            && await fixture.Cluster.ScalarAsync<string>("SELECT df.duroxide_schema()") == "_duroxide");
    }

    [Fact]
    public async Task Console_ListsPagesAndOpensAnInstance_WithCastParameters()
    {
        await using var user = await fixture.UserAsync();
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
            ids.Add(await user.ScalarAsync<string>("SELECT df.start('SELECT 1' ~> 'SELECT 2', $1)", "page"));
        foreach (var id in ids)
            await user.EndAsync(id);

        const string page = "SELECT string_agg(instance_id, ' ') || ' ' || COALESCE(max(next_cursor), '') "
            + "FROM df.list_instances($1::text, 2, $2::text, $3::text)";
        var first = (await user.ScalarAsync<string>(page, "completed", "page", DBNull.Value)).Split(' ');
        var second = (await user.ScalarAsync<string>(page, "Completed", "page", first[2]))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(ids.Order(StringComparer.Ordinal), first[..2].Concat(second).Order(StringComparer.Ordinal));

        Assert.Equal("page completed 1.0.0", await user.ScalarAsync<string>(
            "SELECT concat_ws(' ', label, status, function_version) FROM df.instance_info($1)", ids[0]));
        Assert.Equal(3L, await user.ScalarAsync<long>("SELECT count(*) FROM df.instance_nodes($1)", ids[0]));
        Assert.True(await user.ScalarAsync<long>("SELECT count(*) FROM df.instance_executions($1, 20)", ids[0]) > 0);
        Assert.Contains("→ SQL: SELECT 2", await user.ScalarAsync<string>("SELECT df.explain($1)", ids[0]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Console_RunsAgainWhatIsStored_FromTheRowsOfItsNodes()
    {
        await using var user = await fixture.UserAsync();
        var id = await user.ScalarAsync<string>(
            "SELECT df.start(df.loop(df.seq(df.sleep(0::bigint), df.if('SELECT true', df.break('done'), 'SELECT 1')), "
                + "continue_on_failure => true) ~> df.join3('SELECT 1', 'SELECT 2', 'SELECT 3'))");
        await user.ResultAsync(id);

        // What such a program reads, and what it makes of it.
        var config = await user.ScalarAsync<string>("SELECT query FROM df.instance_nodes($1) WHERE node_type = 'LOOP'", id);
        Assert.True(JsonDocument.Parse(config).RootElement.GetProperty("continue_on_failure").GetBoolean());
        Assert.Matches("^[0-9a-f]{8}$", await user.ScalarAsync<string>(
            "SELECT query::json ->> 'condition_node' FROM df.instance_nodes($1) WHERE node_type = 'IF'", id));
        Assert.Equal(1, JsonDocument.Parse(await user.ScalarAsync<string>("SELECT query FROM df.instance_nodes($1) "
            + "WHERE node_type = 'JOIN'", id)).RootElement.GetProperty("extra_nodes").GetArrayLength());
        Assert.Equal("0", await user.ScalarAsync<string>("SELECT query FROM df.instance_nodes($1) WHERE node_type = 'SLEEP'", id));
        Assert.Equal("completed", await user.EndAsync(await user.ScalarAsync<string>(
            "SELECT df.start(df.sleep(0::bigint) ~> df.loop(df.break('done'), NULL, continue_on_failure => true), 'again')")));
    }

    [Fact]
    public async Task Plugin_BindsEverythingAsText_StartsListsAndReads()
    {
        await using var user = await fixture.UserAsync();
        await using var start = new NpgsqlCommand("SELECT df.start($1, $2) AS instance_id", user.Connection)
        {
            Parameters = { new() { Value = "SELECT 42 AS answer" }, new() { Value = "a flow" } },
        };
        var id = (string)(await start.ExecuteScalarAsync())!;
        Assert.Equal("completed", await user.EndAsync(id));

        Assert.Contains("\"answer\": 42", await user.ScalarAsync<string>("SELECT df.result($1)", id), StringComparison.Ordinal);
        Assert.Equal(id, await user.ScalarAsync<string>(
            "SELECT instance_id FROM df.list_instances($1, $2) WHERE label = 'a flow'", "Completed", 1000));
        var third = await user.ScalarAsync<string>("SELECT df.start($1, $2, $3)", "SELECT 1", "with a database", "postgres");
        Assert.Equal("completed", await user.EndAsync(third));
    }

    [Fact]
    public async Task Compaction_LooksForWhatItNeeds_FindsIt()
    {
        await using var user = await fixture.UserAsync();
        await fixture.Cluster.ExecuteAsync($"ALTER ROLE {TestUser.Quote(user.Role)} LOGIN");
        Assert.True(await fixture.Cluster.ScalarAsync<bool>(
            $"""
             SELECT (SELECT count(*) FROM pg_proc p
                      WHERE p.pronamespace = 'df'::regnamespace AND p.proname = 'start' AND p.pronargs >= 4
                        AND p.pronargs - p.pronargdefaults <= 4) = 1
                AND (SELECT p.pronargdefaults = 3 AND p.proargnames = '{"{fut,label,database,transaction_mode}"}'
                        AND p.prorettype = 'text'::regtype FROM pg_proc p WHERE p.oid = 'df.start(text,text,text,text)'::regprocedure)
                AND bool_and(EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = f AND d.deptype = 'e'))
                AND (SELECT bool_and(EXISTS (SELECT FROM pg_operator o
                                               JOIN pg_extension e ON e.extnamespace = o.oprnamespace AND e.extname = 'pg_durable'
                                              WHERE o.oprname = n AND o.oprleft = 'text'::regtype AND o.oprright = 'text'::regtype))
                       FROM unnest('{"{|=>,~>,?>,!>,|}"}'::text[]) n)
                AND (SELECT a.atttypid = 'regrole'::regtype FROM pg_attribute a
                      WHERE a.attrelid = 'df.instances'::regclass AND a.attname = 'submitted_by')
                AND has_schema_privilege('{user.Role}', 'df', 'USAGE')
                AND has_column_privilege('{user.Role}', 'df.instances', 'root_node', 'INSERT')
                AND has_column_privilege('{user.Role}', 'df.nodes', 'query', 'INSERT')
                AND has_column_privilege('{user.Role}', 'df.vars', 'owner', 'SELECT')
                AND 'pg_durable' = ANY (string_to_array(current_setting('shared_preload_libraries'), ','))
                AND current_setting('pg_durable.enable_superuser_instances') <> ''
               FROM unnest('{"{\"df.explain(text)\",\"df.signal(text,text,text)\",\"df.wait_for_signal(text,int4)\","}'
                         '{"df.wait_for_schedule(text),\"df.loop(text,text,bool)\",df.break(text)}"}'::regprocedure[]) f
             """));
    }

    [Fact]
    public async Task Compaction_StartsSignalsAndStops_InSomebodysTransaction()
    {
        await using var user = await fixture.UserAsync();
        var (schema, step) = (user.Schema, $"{user.Schema}.steps");
        await user.ExecuteAsync($"CREATE TABLE {step} (n serial, ran boolean); CREATE TABLE {schema}.current (is_current boolean); "
            + $"INSERT INTO {schema}.current VALUES (true)");
        // In a function that runs as the index's owner, called by whoever writes.
        await user.ExecuteAsync(
            $$"""
              CREATE FUNCTION {{schema}}.start_compaction(prefix text) RETURNS text LANGUAGE plpgsql SECURITY DEFINER
                  SET search_path = pg_catalog, pg_temp AS $f$
              DECLARE
                  guard   text := df.sql('SELECT is_current AS current FROM {{schema}}.current') OPERATOR(pg_catalog.|=>) 'current'
                                  OPERATOR(pg_catalog.~>) ('SELECT $current.current' OPERATOR(pg_catalog.?>) 'SELECT true'
                                      OPERATOR(pg_catalog.!>) df.break('stale'));
                  cascade text := df.loop((df.sql('INSERT INTO {{step}} (ran)
                                          SELECT count(*) < 1 FROM {{step}} RETURNING ran, ''{sys_instance_id}''')
                                      OPERATOR(pg_catalog.|=>) 'step')
                                  OPERATOR(pg_catalog.~>) ('SELECT $step.ran' OPERATOR(pg_catalog.?>) 'SELECT true'
                                      OPERATOR(pg_catalog.!>) df.break('false')), NULL::text, false);
                  graph   text := df.loop(guard OPERATOR(pg_catalog.~>) cascade
                                  OPERATOR(pg_catalog.~>) df.loop((df.wait_for_signal('compact', NULL::int4)
                                          OPERATOR(pg_catalog.|) df.wait_for_schedule('0 0 1 1 *'))
                                      OPERATOR(pg_catalog.~>) guard OPERATOR(pg_catalog.~>) cascade, NULL, true)
                                  OPERATOR(pg_catalog.~>) df.break('stale'), NULL, true);
              BEGIN
                  IF df.explain(graph) ~ '^(Cannot explain input|Expression returned NULL|Failed to|Invalid durable function graph)' THEN
                      RAISE EXCEPTION '%', df.explain(graph);
                  END IF;
                  RETURN df.start(graph, prefix || ':1', current_database(), 'caller'::text);
              END $f$
              """);
        var id = await user.ScalarAsync<string>($"SELECT {schema}.start_compaction('compaction')");
        const string backdate = "UPDATE df.instances SET created_at = now() - interval '1 hour', updated_at = now() WHERE id = $1";
        await using (var owner = await fixture.Cluster.ConnectAsync())
        await using (var moved = new NpgsqlCommand(backdate, owner) { Parameters = { new() { Value = id } } })
            Assert.Equal(1, await moved.ExecuteNonQueryAsync());
        Assert.Equal(id, await user.ScalarAsync<string>(
            "SELECT id FROM df.instances WHERE label LIKE 'compaction:%' AND submitted_by = quote_ident(current_user)::regrole "
                + "AND status IN ('pending', 'running') ORDER BY created_at DESC LIMIT 1"));
        await user.WaitingAsync(id, "SIGNAL");
        var before = await user.CountAsync("steps");

        await user.ExecuteAsync("BEGIN");
        await user.ExecuteAsync("SELECT df.signal($1, 'compact', '{}')", id);
        await user.ExecuteAsync("COMMIT");
        await Poll.UntilAsync("it was compacted again", async () => await user.CountAsync("steps") > before);
        await user.WaitingAsync(id, "SIGNAL");

        await user.ExecuteAsync($"UPDATE {schema}.current SET is_current = false");
        await user.ExecuteAsync("SELECT df.signal($1, 'compact')", id);
        Assert.Equal("completed", await user.EndAsync(id));
    }

    [Fact]
    public async Task Library_ComposesWithOperators_InAnySearchPath()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync("SET search_path = ''");
        var result = await user.ResultAsync(await user.ScalarAsync<string>(
            """
            SELECT df.start(
                ('SELECT 2 AS n' |=> 'a') ~> ('SELECT $a.n + 1 AS n' & 'SELECT $a + 2 AS n')
                ~> ('SELECT $a.n = 2' ?> 'SELECT 1' !> 'SELECT 0')
                ~> df.join('SELECT 1', df.if('SELECT true', 'SELECT 1', 'SELECT 2'))
                ~> 'SELECT count(*) AS rows, sum(n) AS total FROM $a.*', 'a label')
            """));
        Assert.Equal(2, result.GetProperty("rows")[0].GetProperty("total").GetInt32());
    }
}
