using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Xunit.Abstractions;

namespace PgDurable.Worker.Tests.Poison;

/// <summary>
/// Random rows and settings of everything that a granted role can write, while another role's workflows run. For seconds here, for as long
/// as <c>PGDURABLE_POISON_SECONDS</c> says, from the seed that <c>PGDURABLE_TEST_SEED</c> gives.
/// </summary>
[Collection(WorkerCollection.Name)]
public sealed class MutationTests(WorkerFixture fixture, ITestOutputHelper output)
{
    static readonly string[] Kinds =
        ["SQL", "THEN", "IF", "JOIN", "LOOP", "BREAK", "RACE", "SLEEP", "WAIT_SCHEDULE", "HTTP", "HTTP_JSON", "HTTP_MULTIPART", "SIGNAL",
            "RETRY", "TIMEOUT", "TRY", "FAIL", "UNDO", "FOREACH", "CALL", "sql", ""];

    static readonly string[] Texts =
    [
        "", " ", "SELECT 1 AS a", "SELECT $a.a, $input, {v}, $b.*", "SELECT '", "/* ", "$x$", "COMMIT", "SELECT 1; SELECT 2", "go", "w",
        "a", "input", "5", "1e999", "-1", "99999999999999999999", "NaN", "* * * * *", "0 0 31 2 *", "Europe/Berlin", "\\ud800",
        "\ud83d\ude00", "{", "}", "{\"a\":1}", "[1]", "null", "http://localhost:1/$a", "x\ty\nz", "' OR 1=1 --", "$a?", "$input.a.b.c[0]",
        "{sys_label}", "SELECT generate_series(1,3) AS a", "SELECT pg_sleep(0.01)", "SELECT 1/0", "VACUUM",
        "INSERT INTO nowhere VALUES (1)", "SELECT repeat('x', 100000) AS a", "SELECT NULL", "SELECT false",
    ];

    [Fact]
    public async Task Worker_WhateverIsWritten_GoesOn()
    {
        var seconds = Environment.GetEnvironmentVariable("PGDURABLE_POISON_SECONDS") is { Length: > 0 } given
            ? int.Parse(given, CultureInfo.InvariantCulture)
            : 8;
        var seed = Environment.GetEnvironmentVariable("PGDURABLE_TEST_SEED") is { Length: > 0 } fixedSeed
            ? int.Parse(fixedSeed, CultureInfo.InvariantCulture)
            : Random.Shared.Next();
        output.WriteLine($"PGDURABLE_TEST_SEED={seed}");
        var random = new Random(seed);
        await using var victim = await fixture.UserAsync();
        await using var attacker = await fixture.UserAsync();
        await fixture.Cluster.ExecuteAsync($"SELECT df.grant_usage('{attacker.Role}', include_http => true)");
        var before = (await fixture.Cluster.WorkerPidAsync(), await fixture.Cluster.WorkerIdAsync());
        var (tried, taken, completed) = (0, 0, 0);
        var watch = Stopwatch.StartNew();
        try
        {
            while (watch.Elapsed.TotalSeconds < seconds)
            {
                for (var i = 0; i < 25; i++)
                {
                    var (sql, arguments) = Attack(random);
                    tried++;
                    try
                    {
                        await attacker.ExecuteAsync(sql, arguments);
                        taken++;
                    }
                    catch (PostgresException e) when (e.Severity == "ERROR")
                    {
                        // refused where it is written
                    }
                }
                await victim.RunAsync("SELECT 1");
                completed++;
                Assert.Equal(before, (await fixture.Cluster.WorkerPidAsync(), await fixture.Cluster.WorkerIdAsync()));
            }
            // What is not a wait has ended, one way or the other.
            await Poll.UntilAsync("what can end has ended", () => fixture.Cluster.ScalarAsync<bool>(
                $"""
                 SELECT NOT EXISTS (SELECT FROM df.queue q WHERE q.submitted_by = '{attacker.Role}'::regrole AND q.waits IS NULL
                     AND NOT EXISTS (SELECT FROM df.checkpoints c WHERE c.instance_no = q.instance_no)
                     AND NOT EXISTS (SELECT FROM df.pauses p WHERE p.instance_no = q.instance_no)
                     AND q.due_at < now()
                     AND (SELECT created_at FROM df.submissions s WHERE s.instance_no = q.instance_no) < now() - interval '20 seconds')
                 """), TimeSpan.FromSeconds(60));
            Assert.Equal(before, (await fixture.Cluster.WorkerPidAsync(), await fixture.Cluster.WorkerIdAsync()));
        }
        finally
        {
            await fixture.Cluster.ExecuteAsync($"DELETE FROM df.queue WHERE submitted_by = '{attacker.Role}'::regrole; "
                + $"DELETE FROM df.schedule_entries WHERE owner = '{attacker.Role}'::regrole");
        }
        Figures.Count("hostile rows and settings tried", tried);
        output.WriteLine($"{tried} rows tried, {taken} taken; {completed} instances of another role completed meanwhile.");
    }

    static (string Sql, object[] Arguments) Attack(Random random) => random.Next(16) switch
    {
        < 6 => (
            """
            WITH g AS (INSERT INTO df.graphs (graph) VALUES ($1) RETURNING graph_id)
            INSERT INTO df.submissions (graph_id, vars, input, label, database, start_at)
            SELECT graph_id, NULLIF($2, '')::json, NULLIF($3, '')::jsonb, $4, NULLIF($5, ''), now() FROM g
            """,
            [Graph(random, 0), Often(random, 2) ? "" : Json(random, 0), Often(random, 2) ? "" : Json(random, 0), Text(random),
                Often(random, 9) ? "" : Text(random)]),
        6 => ("INSERT INTO df.submissions (graph_id, workflow, workflow_version) VALUES ($1, $2, $3)",
            [(long)random.Next(-2, 50), Text(random), random.Next(-1, 3)]),
        < 9 => ("INSERT INTO df.signals (instance_no, name, data) SELECT instance_no, $1, $2::text::json FROM df.submissions "
            + "ORDER BY random() LIMIT 3", [Text(random), Json(random, 0)]),
        9 => ("INSERT INTO df.cancellations (instance_no, reason) SELECT instance_no, $1 FROM df.submissions ORDER BY random() LIMIT 1",
            [Text(random)]),
        10 => ("INSERT INTO df.pauses (instance_no) SELECT instance_no FROM df.submissions ORDER BY random() LIMIT 1", []),
        11 => ("SELECT df.resume(id) FROM df.instances ORDER BY random() LIMIT 1", []),
        12 => ("INSERT INTO df.retries (instance_no) SELECT instance_no FROM df.submissions ORDER BY random() LIMIT 1", []),
        13 => (
            """
            INSERT INTO df.schedule_entries (name, cron, timezone, workflow, version, input, overlap, catch_up, jitter_seconds)
            VALUES ($1, $2, NULLIF($3, ''), $4, NULLIF($5, 0), $6::jsonb, 'allow', 'all', 0)
            """,
            [Text(random), Text(random), Text(random), Text(random), random.Next(3), Json(random, 0)]),
        14 => (
            "WITH g AS (INSERT INTO df.graphs (graph) VALUES ($1) RETURNING graph_id) INSERT INTO df.registrations (workflow, version, "
                + "graph_id, description) SELECT $2, $3, graph_id, $4 FROM g",
            [Graph(random, 0), Text(random), random.Next(0, 9), Text(random)]),
        _ => ("INSERT INTO df.vars (name, value) VALUES ($1, $2)", [Text(random), Text(random)]),
    };

    static string Graph(Random random, int depth)
    {
        if (Often(random, 12))
            return Json(random, 0);
        var kind = Pick(random, Kinds);
        var parts = new List<string> { $"\"node_type\":{Graphs.Text(kind)}" };
        var wantsText = kind is "SQL" or "SLEEP";
        if (!Often(random, 8))
            parts.Add($"\"query\":{Graphs.Text(wantsText ? Text(random) : Config(random, kind))}");
        if (Often(random, 2))
            parts.Add($"\"result_name\":{Graphs.Text(Pick(random, ["a", "b", Text(random)]))}");
        if (depth < 5)
        {
            var branches = kind is "THEN" or "JOIN" or "RACE" or "TRY" or "UNDO" or "IF" or "LOOP" or "RETRY" or "TIMEOUT" or "FOREACH";
            if (branches || Often(random, 12))
                parts.Add($"\"left_node\":{Graph(random, depth + 1)}");
            if (kind is "THEN" or "JOIN" or "RACE" or "TRY" or "UNDO" || Often(random, 12))
                parts.Add($"\"right_node\":{Graph(random, depth + 1)}");
            if (kind is "IF" or "LOOP" || Often(random, 12))
                parts.Add($"\"condition_node\":{Graph(random, depth + 1)}");
            if (Often(random, 8))
                parts.Add($"\"extra_nodes\":[{Graph(random, depth + 1)}]");
        }
        return $"{{{string.Join(',', parts)}}}";
    }

    static string Config(Random random, string kind)
    {
        string[] keys = kind switch
        {
            "SIGNAL" => ["signal_name", "timeout_seconds"],
            "RETRY" => ["max_attempts", "delay_seconds", "backoff", "max_delay_seconds", "retry_on"],
            "TIMEOUT" => ["timeout_seconds"],
            "FAIL" => ["message", "sqlstate"],
            "FOREACH" => ["rows", "item_name", "max_parallel"],
            "CALL" => ["workflow", "input", "version"],
            "WAIT_SCHEDULE" => ["cron_expr", "timezone"],
            "LOOP" => ["min_interval_ms", "continue_on_failure"],
            "BREAK" => ["break_value"],
            "IF" => ["result_name"],
            _ => ["url", "method", "body", "headers", "parts", "timeout_seconds"],
        };
        string Value() => Often(random, 2)
            ? Json(random, 3)
            : Pick(random, ["1", "2", "0", "\"a\"", "\"go\"", "\"GET\"", "\"http://localhost:1/\""]);
        return $"{{{string.Join(',', keys.Where(_ => !Often(random, 5)).Select(key => $"\"{key}\":{Value()}"))}}}";
    }

    static string Json(Random random, int depth) => random.Next(depth > 3 ? 5 : 9) switch
    {
        0 => Graphs.Text(Text(random)),
        1 => random.Next(-5, 100).ToString(CultureInfo.InvariantCulture),
        2 => Pick(
            random, ["null", "true", "1e400", "-0.0", "123456789012345678901234567890", "\"\\ud800\"", "\"\\u0000\"", "{\"\\udc00\":1}"]),
        3 => "\"v\"",
        4 => Deep(random),
        5 => $"[{Json(random, depth + 1)},{Json(random, depth + 1)}]",
        6 => $"{{\"a\":{Json(random, depth + 1)},\"a\":1}}",
        7 => $"{{\"rows\":[{Json(random, depth + 1)}],\"row_count\":1}}",
        _ => "{}",
    };

    static string Deep(Random random)
    {
        var depth = Pick(random, [10, 70, 100, 1001, 3000]);
        return Often(random, 2)
            ? new string('[', depth) + new string(']', depth)
            : string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);
    }

    static string Text(Random random) =>
        Often(random, 10) ? new string((char)random.Next(1, 0xD7FF), random.Next(1, 300)) : Pick(random, Texts);

    static bool Often(Random random, int oneIn) => random.Next(oneIn) == 0;

    static T Pick<T>(Random random, T[] from) => from[random.Next(from.Length)];
}
