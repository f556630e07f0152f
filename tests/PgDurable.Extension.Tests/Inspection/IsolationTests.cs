using Npgsql;

namespace PgDurable.Extension.Tests.Inspection;

/// <summary>
/// No role learns anything about another role's instances, results, errors, variables or workflows. Relations and functions come from
/// the catalog. A new one for which these tests have no arguments makes them fail.
/// </summary>
[Collection(InspectionCollection.Name)]
public sealed class IsolationTests(InspectionFixture fixture) : IAsyncLifetime
{
    // Only values contain it, not names and ids: a function may repeat its arguments.
    const string Marker = "5ecre7";

    readonly string _owner = "owner_" + Guid.NewGuid().ToString("N")[..8];
    readonly List<RecordedInstance> _instances = [];
    long _graph;

    public async Task InitializeAsync()
    {
        await fixture.Cluster.CreateRoleAsync(_owner);
        await fixture.Cluster.ExecuteAsync($"ALTER ROLE {_owner} LOGIN; SELECT df.grant_usage('{_owner}', include_http => true)");
        await fixture.TextAsync(_owner, $"SELECT df.setvar('token', '{Marker}')");
        await fixture.TextAsync(_owner, $"SELECT df.register_workflow('ledger', df.sql('SELECT ''{Marker}'''), description => '{Marker}')");
        await fixture.TextAsync(_owner, $"SELECT df.schedule('nightly', '@daily', 'ledger', '\"{Marker}\"')");
        await fixture.TextAsync("postgres", "SELECT count(df._worker_tick(schedule_no, pass, revision, now(), '{}', NULL, " +
            $"'{Marker}')) FROM df._worker_schedules(NULL, 10)");
        await fixture.TextAsync(_owner, $"SELECT df.start_workflow('ledger', '\"{Marker}\"', '{Marker}', '{Marker}')");
        await fixture.TextAsync(_owner, $"SELECT df.bulk('signal', 'label:{Marker}', '{Marker}', '{Marker}')");
        var done = await RecordedInstance.StartAsync(fixture, $"'SELECT ''{Marker}''' |=> 'x'", _owner, label: Marker,
            input: $"\"{Marker}\"");
        await done.RecordAsync($"0=\"{Marker}\"");
        await done.CompleteAsync(0);
        await done.TextAsync($"SELECT df.tag($1, 'color', '{Marker}')");
        var joined = await RecordedInstance.StartAsync(fixture, "df.join('a', 'b')", _owner);
        await joined.CompleteAsync(result: $"[\"{Marker}\"]");
        var failed = await RecordedInstance.StartAsync(fixture, "'a'", _owner);
        await failed.RecordAsync($"0!{Marker}");
        await failed.FailAsync(Marker);
        var cancelled = await RecordedInstance.StartAsync(fixture, "'a'", _owner);
        await cancelled.CancelAsync(Marker);
        var running = await RecordedInstance.StartAsync(fixture, $"df.loop('SELECT ''{Marker}''')", _owner, label: Marker);
        await running.CarryAsync(0, 1, "0:1",
            """{"result":"?","names":{"x":{"result":"?"}},"undos":[]}""".Replace("?", Marker, StringComparison.Ordinal));
        var waiting = await RecordedInstance.StartAsync(fixture, "df.wait_for_signal('go') ~> 'b'", _owner, label: Marker);
        await waiting.TextAsync($"SELECT df.signal($1, 'other', '{Marker}')");
        await waiting.TextAsync("SELECT df.pause($1)");
        await waiting.SuperuserAsync(
            $$"""UPDATE df.queue SET worker_id = NULL, waits = '[{"node":1,"kind":"SIGNAL","name":"{{Marker}}"}]' """
                + """WHERE instance_no = @no""");
        await waiting.SuperuserAsync(
            "INSERT INTO df.task_queue (instance_no, node, path, submitted_by, instance_id, name, queue, lane, attempt, input, "
                + "idempotency_key, progress) SELECT s.instance_no, 1, '', s.submitted_by, s.id, 'LOOP', "
                + $"'token', 0, 1, '\"{Marker}\"', gen_random_uuid(), '\"{Marker}\"' FROM df.submissions s "
                + "WHERE s.instance_no = @no");
        var retried = await RecordedInstance.StartAsync(fixture, "'a'", _owner);
        await retried.RecordAsync($"0!{Marker}");
        await retried.FailAsync(Marker);
        await retried.TextAsync("SELECT df.retry_instance($1)");
        _instances.AddRange([done, joined, failed, cancelled, running, waiting, retried]);
        _graph = await fixture.Cluster.ScalarAsync<long>($"SELECT graph_id FROM df.submissions WHERE id = '{done.Id}'");
    }

    public async Task DisposeAsync()
    {
        foreach (var instance in _instances)
            await instance.CancelAsync();
    }

    [Fact]
    public async Task Relations_OfTheSchema_ShowNothingOfAnotherRole()
    {
        Assert.Empty(await fixture.ListAsync("postgres",
            // Indexes, sequences, TOAST tables and row types show nothing beyond the relation.
            "SELECT relname || ' is of the unknown kind ' || relkind::text FROM pg_class WHERE relnamespace = 'df'::regnamespace " +
            "AND relkind NOT IN ('r', 'v', 'i', 'S', 'c', 't')"));
        Assert.Empty(await fixture.ListAsync("dave",
            "SELECT relname FROM pg_class WHERE relnamespace = 'df'::regnamespace " +
            "AND CASE relkind WHEN 'S' THEN has_sequence_privilege(oid, 'SELECT, USAGE, UPDATE') END"));

        var shown = new List<string>();
        foreach (var relation in await RelationsAsync())
        {
            Assert.Equal(0, await SecretsAsync("dave", relation));
            if (await SecretsAsync(_owner, relation) > 0)
                shown.Add(relation);
        }
        // Otherwise the test looks for the wrong thing.
        Assert.Equal(
            ["df.audit", "df.bulks", "df.cancellations", "df.checkpoints", "df.failed", "df.failures", "df.graphs", "df.instances",
             "df.nodes",
             "df.outcomes", "df.pauses", "df.queue",
             "df.registrations", "df.retries", "df.running", "df.schedule_entries", "df.schedule_runs", "df.schedules", "df.signals",
             "df.submissions", "df.tags", "df.tasks", "df.vars", "df.waiting",
             "df.workflow_versions", "df.workflows"],
            shown);
    }

    [Fact]
    public async Task Functions_OfTheSchema_TellAndChangeNothingOfAnotherRole()
    {
        var before = await EverythingOfTheOwnerAsync();
        var calls = await CallsAsync("dave");
        Assert.True(calls.Count > 200, $"only {calls.Count} calls");
        await using (var connection = await fixture.Cluster.ConnectAsync(user: "dave"))
            foreach (var call in calls)
                Assert.DoesNotContain(Marker, await SayAsync(connection, call), StringComparison.Ordinal);
        Assert.Equal(before, await EverythingOfTheOwnerAsync());

        var told = new HashSet<string>();
        await using (var connection = await fixture.Cluster.ConnectAsync(user: _owner))
            foreach (var call in await CallsAsync(_owner))
            {
                // Rolled back, because some functions delete what the next one should show.
                await using var transaction = await connection.BeginTransactionAsync();
                if ((await SayAsync(connection, call)).Contains(Marker,
                    StringComparison.Ordinal))
                    told.Add(call[..call.IndexOf('(', StringComparison.Ordinal)]);
            }
        string[] telling = ["df.result", "df.error", "df.instance_info", "df.instance_nodes", "df.instance_executions",
            "df.list_instances", "df.history", "df.export_history",
            "df.explain", "df.getvar", "df.claim_tasks", "df._node_states", "df._fold", "df._executions", "df._output",
            "df._outside_result", "df.why", "df.search", "df.tags_of"];
        Assert.Empty(telling.Except(told));
    }

    // A policy applies before any function of the reader. So a cheap function that prints its argument sees only the reader's rows.
    [Fact]
    public async Task Policies_LeakyFunction_SeesNothing()
    {
        await fixture.Cluster.ExecuteAsync(
            """
            CREATE SCHEMA IF NOT EXISTS leaks AUTHORIZATION dave;
            CREATE OR REPLACE FUNCTION leaks.leak(text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001
                AS 'BEGIN RAISE WARNING ''%'', $1; RETURN true; END';
            GRANT EXECUTE ON FUNCTION leaks.leak(text) TO dave;
            """);
        await using var connection = await fixture.Cluster.ConnectAsync(user: "dave");
        var heard = new List<string>();
        connection.Notice += (_, e) => heard.Add(e.Notice.MessageText);
        foreach (var relation in await RelationsAsync())
            await SayAsync(connection, $"{relation} r WHERE leaks.leak(r::text)");
        Assert.DoesNotContain(heard, text => text.Contains(Marker, StringComparison.Ordinal));
    }

    Task<List<string>> RelationsAsync() => fixture.ListAsync("postgres",
        "SELECT 'df.' || quote_ident(relname) FROM pg_class WHERE relnamespace = 'df'::regnamespace AND relkind IN ('r', 'v') " +
        "ORDER BY relname COLLATE \"C\"");

    async Task<int> SecretsAsync(string role, string relation)
    {
        try
        {
            return (await fixture.ListAsync(role, $"SELECT r::text FROM {relation} r"))
                .Count(row => row.Contains(Marker, StringComparison.Ordinal) || row.Contains(_owner, StringComparison.Ordinal));
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return 0;
        }
    }

    async Task<string> EverythingOfTheOwnerAsync()
    {
        var all = new List<string>();
        foreach (var relation in await RelationsAsync())
            // df.running shows durations.
            if (relation is not "df.running" && await SecretsAsync(_owner, relation) > 0)
                all.AddRange((await fixture.ListAsync(_owner,
                    $"SELECT '{relation} ' || r::text FROM {relation} r")).Order(StringComparer.Ordinal));
        return string.Join('\n', all);
    }

    /// <summary>Every function that the role may execute, with each secret's name as every argument that it fits.</summary>
    async Task<List<string>> CallsAsync(string role)
    {
        var functions = await fixture.ListAsync(role,
            """
            SELECT p.oid::regproc || '|' || (SELECT COALESCE(string_agg(format_type(t.type, NULL), '|' ORDER BY t.place), '')
                                               FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY t (type, place))
              FROM pg_proc p
             WHERE p.pronamespace = 'df'::regnamespace AND has_function_privilege(p.oid, 'EXECUTE')
               -- Waits; an unknown id is tried elsewhere.
               AND p.proname NOT IN ('await_instance', 'wait_for_completion')
             ORDER BY p.oid::regprocedure::text
            """);
        var calls = new List<string>();
        foreach (var function in functions)
        {
            var parts = function.Split('|', StringSplitOptions.RemoveEmptyEntries);
            var types = parts[1..];
            var texts = types.Contains("text") ? (string[])[.. _instances.Select(instance => instance.Id), "ledger", "token", "x",
                "completed"] : ["-"];
            var numbers = types.Contains("bigint") ? (long[])[.. _instances.Select(instance => instance.Number), _graph] : [0];
            foreach (var text in texts)
                foreach (var number in numbers)
                    calls.Add($"{parts[0]}({string.Join(", ", types.Select(type => Argument(parts[0], type, text, number)))})");
        }
        // No text is both a query and a cursor.
        return [.. calls.Append("df.search('')").Distinct()];
    }

    string Argument(string function, string type, string text, long number) => type switch
    {
        "text" => $"'{text}'::text",
        "bigint" => $"{number}::bigint",
        "integer" => "1",
        "numeric" or "double precision" => "1",
        "boolean" => "true",
        "json" or "jsonb" => $"'{{}}'::{type}",
        "timestamp with time zone" => "now()",
        "interval" => "interval '1 minute'",
        "uuid" => "gen_random_uuid()",
        "bigint[]" => $"ARRAY[{number}]::bigint[]",
        "uuid[]" => "ARRAY[gen_random_uuid()]",
        "json[]" or "jsonb[]" => $"ARRAY['{{}}']::{type}",
        "xid" => "'3'::xid",
        "bytea" => @"'\x00'::bytea",
        "regrole" => $"'{_owner}'::regrole",
        "regrole[]" => $"ARRAY['{_owner}']::regrole[]",
        "df._search" => "df._search_query('')",
        "df.bulks" => "NULL::df.bulks",
        "df.http_endpoint" => $"ROW('{text}', '/')::df.http_endpoint",
        "text[]" => "ARRAY['LOOP']::text[]",
        "integer[]" => "ARRAY[0]",
        "df._step" => "(df._tree('{\"node_type\":\"SQL\",\"query\":\"SELECT 1\"}'))[1]",
        "df._step[]" => "df._tree('{\"node_type\":\"SQL\",\"query\":\"SELECT 1\"}')",
        "df._execution" => "NULL::df._execution",
        "df._execution[]" => "'{}'::df._execution[]",
        _ => throw new NotSupportedException($"{function} has a parameter of type {type}: what should this test call it with?"),
    };

    static async Task<string> SayAsync(NpgsqlConnection connection, string from)
    {
        try
        {
            await using var command = new NpgsqlCommand(
                $"SELECT r::text FROM {from}{(from.Contains(" r ", StringComparison.Ordinal) ? "" : " r")}", connection);
            await using var reader = await command.ExecuteReaderAsync();
            var said = new List<string>();
            while (await reader.ReadAsync())
                said.Add(reader.IsDBNull(0) ? "" : reader.GetString(0));
            return string.Join('\n', said);
        }
        catch (PostgresException e)
        {
            return $"{e.MessageText} {e.Detail} {e.Hint} {e.Where}";
        }
    }
}
