using Npgsql;
using PgDurable.TestKit;

namespace PgDurable.Extension.Tests;

/// <summary>Loading the module, its settings, and CREATE EXTENSION.</summary>
public sealed class SettingsTests
{
    [Fact]
    public async Task Load_NotPreloaded_IsRefusedWithAHint()
    {
        // The last of two equal settings counts. Without the module, its settings are only placeholders.
        await using var cluster =
            await PgCluster.StartAsync(new() { Settings = new Dictionary<string, string> { ["shared_preload_libraries"] = "" } });
        foreach (var statement in (string[])["LOAD 'pg_durable'", "CREATE EXTENSION pg_durable"])
        {
            var error = await Assert.ThrowsAsync<PostgresException>(() => cluster.ExecuteAsync(statement));
            Assert.StartsWith("pg_durable must be loaded via shared_preload_libraries.\n\nHINT: "
                + "Add 'pg_durable' to shared_preload_libraries",
                error.MessageText, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Settings_HaveTheirDefaultsAndUnits()
    {
        await using var cluster = await PgCluster.StartAsync();
        Dictionary<string, string> expected = new()
        {
            ["worker_role"] = "postgres",
            ["database"] = "postgres",
            ["max_user_connections"] = "10",
            ["enable_superuser_instances"] = "off",
            ["max_result_bytes"] = "16MB",
            ["worker_executable"] = "",
            ["max_management_connections"] = "6",
            ["max_duroxide_connections"] = "10",
            ["max_new_transaction_starts"] = "2",
            ["execution_acquire_timeout"] = "30",
            ["new_transaction_start_timeout"] = "5",
            ["list_instances_max_limit"] = "1000",
            ["retention_days"] = "30",
            ["retention_instances"] = "10000",
            ["reconcile_interval"] = "3600",
            ["min_loop_interval"] = "1000",
            ["max_running_steps_per_role"] = "0",
            ["max_instances_per_role"] = "0",
            ["max_starts_per_second_per_role"] = "0",
            ["max_signals_per_instance"] = "10000",
            ["max_signal_bytes_per_instance"] = "268435456",
            ["max_call_depth"] = "32",
            ["max_schedules_per_role"] = "100000",
            ["host"] = "",
            ["log_workflow_sql"] = "off",
            ["http_security"] = "restricted",
            ["http_allowed_domains"] = "",
            ["http_allowed_hosts"] = "",
            ["http_allow_private_addresses"] = "off",
            ["http_max_request_bytes"] = "1MB",
            ["http_max_response_bytes"] = "16MB",
        };
        foreach (var (name, value) in expected)
            Assert.Equal(value, await cluster.ScalarAsync<string>($"SHOW pg_durable.{name}"));

        var unknown = await Assert.ThrowsAsync<PostgresException>(() => cluster.ExecuteAsync("SET pg_durable.mistyped = 1"));
        Assert.Equal("42602", unknown.SqlState);
        await cluster.CreateRoleAsync("alice");
        var hidden = await Assert.ThrowsAsync<PostgresException>(
            () => cluster.ExecuteAsync("SET ROLE alice; SHOW pg_durable.enable_superuser_instances"));
        Assert.Equal("42501", hidden.SqlState);
        hidden = await Assert.ThrowsAsync<PostgresException>(() => cluster.ExecuteAsync("SET ROLE alice; SHOW pg_durable.http_security"));
        Assert.Equal("42501", hidden.SqlState);
        Assert.Equal("", await cluster.ScalarAsync<string>("SET ROLE alice; SHOW pg_durable.http_allowed_domains"));
        foreach (var name in (string[])["host", "log_workflow_sql", "http_security", "http_allowed_domains"])
            foreach (var change in (string[])["SET", "ALTER ROLE alice SET", "ALTER DATABASE postgres SET"])
                Assert.Equal("55P02", (await Assert.ThrowsAsync<PostgresException>(() =>
                    cluster.ExecuteAsync($"{change} pg_durable.{name} = 'off'"))).SqlState);
        await cluster.ExecuteAsync("SET pg_durable.list_instances_max_limit = 3; RESET pg_durable.list_instances_max_limit");
        var refused = await Assert.ThrowsAsync<PostgresException>(
            () => cluster.ExecuteAsync("SET ROLE alice; SET pg_durable.list_instances_max_limit = 3"));
        Assert.Equal("42501", refused.SqlState);
    }

    [Fact]
    public async Task AllowedDomains_BadEntry_IsNamed()
    {
        await using var cluster = await PgCluster.StartAsync();
        (string List, int Number, string Entry, string Reason)[] cases =
        [
            ("a.example, b%2e.example", 2, "b%2e.example", "percent-encoded hostnames are not permitted"),
            ("*", 1, "*", "expected a hostname or *.hostname"),
            ("a.example,", 2, "", "expected a hostname or *.hostname"),
            ("https://a.example", 1, "https://a.example", "expected a hostname or *.hostname"),
            ("a.example:443", 1, "a.example:443", "expected a hostname or *.hostname"),
            ("a.example/x", 1, "a.example/x", "expected a hostname or *.hostname"),
            ("*.*.example", 1, "*.*.example", "expected a hostname or *.hostname"),
            ("a..example", 1, "a..example", "expected a hostname or *.hostname"),
            ("-a.example", 1, "-a.example", "expected a hostname or *.hostname"),
            ("bücher.example", 1, "bücher.example", "expected a hostname or *.hostname"),
            ("a.example.", 1, "a.example.", "expected a DNS hostname without a trailing dot"),
            ("10.0.0.1", 1, "10.0.0.1", "IP addresses are not permitted"),
            ("127.1", 1, "127.1", "IP addresses are not permitted"),
            ("[::1]", 1, "[::1]", "IP addresses are not permitted"),
            ("fe80::1", 1, "fe80::1", "IP addresses are not permitted"),
        ];
        foreach (var (list, number, entry, reason) in cases)
        {
            var error = await Assert.ThrowsAsync<PostgresException>(
                () => cluster.ExecuteAsync($"ALTER SYSTEM SET pg_durable.http_allowed_domains = '{list}'"));
            Assert.Equal("22023", error.SqlState);
            Assert.StartsWith(
                "invalid value for parameter \"pg_durable.http_allowed_domains\"", error.MessageText, StringComparison.Ordinal);
            Assert.Equal($"entry {number} (\"{entry}\"): {reason}", error.Detail);
        }
        await cluster.ExecuteAsync(
            "ALTER SYSTEM SET pg_durable.http_allowed_domains = ' API.github.com ,*.Blob.core.windows.net, xn--bcher-kva.example'");
    }

    // PostgreSQL itself would warn and use the default.
    [Theory]
    [InlineData("pg_durable.http_security", "off")]
    [InlineData("pg_durable.http_allowed_domains", "*")]
    public async Task Start_WithAPolicyThatMeansNothing_Fails(string name, string value)
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await using var cluster = await PgCluster.StartAsync(new() { Settings = new Dictionary<string, string> { [name] = value } });
        });
        Assert.Contains($"invalid value for parameter \"{name}\": \"{value}\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HttpSecurity_Disabled_IsToldWhenComposing()
    {
        await using var cluster = await PgCluster.StartAsync(new()
        {
            Settings = new Dictionary<string, string>
            {
                ["pg_durable.http_security"] = "disabled",
                ["pg_durable.http_allowed_hosts"] = "*",
            },
        });
        await cluster.CreateRoleAsync("alice");
        await cluster.ExecuteAsync("CREATE EXTENSION pg_durable; SELECT df.grant_usage('alice', include_http => true)");
        foreach (var (call, function) in new[]
                 {
                     ("df.http('https://a')", "http"), ("df.http(df.endpoint('a', '/'))", "http"),
                     ("df.http_json('https://a')", "http_json"),
                     ("df.http_multipart('https://a')", "http_multipart"), ("df.http_multipart(df.endpoint('a', '/'))", "http_multipart"),
                 })
        {
            var error = await Assert.ThrowsAsync<PostgresException>(() => cluster.ExecuteAsync($"SET ROLE alice; SELECT {call}"));
            Assert.StartsWith($"df.{function}() is disabled", error.MessageText, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task CreateExtension_DropExtension_LeavesNothing()
    {
        await using var cluster = await PgCluster.StartAsync();
        var operators = await cluster.ScalarAsync<long>("SELECT count(*) FROM pg_operator");
        await cluster.ExecuteAsync("CREATE EXTENSION pg_durable");
        Assert.Equal(
            PgDurableSchema.Version, await cluster.ScalarAsync<string>("SELECT extversion FROM pg_extension WHERE extname = 'pg_durable'"));

        var openToAll = await cluster.ScalarAsync<string>(
            "SELECT coalesce(string_agg(oid::regprocedure::text, ', '), '') FROM pg_proc WHERE pronamespace = 'df'::regnamespace "
                + "AND proname IN ('_enter', '_require_worker') AND has_function_privilege('public', oid, 'EXECUTE')");
        Assert.Equal("", openToAll);
        var undocumented = await cluster.ScalarAsync<string>(
            "SELECT coalesce(string_agg(oid::regprocedure::text, ', '), '') FROM pg_proc WHERE pronamespace = 'df'::regnamespace "
                + "AND obj_description(oid, 'pg_proc') IS NULL AND prosrc LIKE 'pg\\_durable\\_%'");
        Assert.Equal("", undocumented);

        await cluster.ExecuteAsync("DROP EXTENSION pg_durable");
        Assert.Equal(0L, await cluster.ScalarAsync<long>("SELECT count(*) FROM pg_namespace WHERE nspname = 'df'"));
        Assert.Equal(operators, await cluster.ScalarAsync<long>("SELECT count(*) FROM pg_operator"));
    }
}
