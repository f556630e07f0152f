using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PgDurable.Upgrade.Tests.Fixtures;

namespace PgDurable.Upgrade.Tests;

/// <summary>The schema of the newest release, installed by an application without the extension, and updated by the tree's.</summary>
public sealed class WithoutExtensionTests : IAsyncLifetime
{
    // Roles are compared by name, and what was built when does not matter.
    private const string Description = """
        SELECT string_agg(line, E'\n' ORDER BY line) FROM (
            SELECT concat_ws(' ', p.oid::regprocedure, regexp_replace(pg_get_functiondef(p.oid), '\(built [^)]*\)', ''),
                             p.proowner::regrole, p.proacl, obj_description(p.oid, 'pg_proc'))
              FROM pg_proc p WHERE p.pronamespace = 'df'::regnamespace
            UNION ALL
            SELECT concat_ws(' ', c.oid::regclass, c.relkind, c.relacl, c.relowner::regrole, obj_description(c.oid, 'pg_class'))
              FROM pg_class c WHERE c.relnamespace = 'df'::regnamespace
            UNION ALL
            SELECT concat_ws(' ', a.attrelid::regclass, a.attname, a.attacl, format_type(a.atttypid, a.atttypmod), a.attnotnull)
              FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
             WHERE c.relnamespace = 'df'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped) s (line)
        """;

    PgCluster _cluster = null!;
    NpgsqlConnection _app = null!;

    public async Task InitializeAsync()
    {
        _cluster = await PgCluster.StartAsync(new() { Settings = new Dictionary<string, string> { ["shared_preload_libraries"] = "" } });
        await _cluster.ExecuteAsync("CREATE ROLE app LOGIN; CREATE ROLE other LOGIN");
        await _cluster.ExecuteAsync("CREATE DATABASE shop OWNER app");
        _app = await _cluster.ConnectAsync("shop", "app");
        await ReleasedAssemblies.InstallAsync(_app);
    }

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Theory]
    [InlineData("app")]
    [InlineData("postgres")]
    public async Task Install_OlderSchema_EqualsAFreshOne(string who)
    {
        await _cluster.ExecuteAsync("CREATE DATABASE fresh OWNER app");
        await using var fresh = await _cluster.ConnectAsync("fresh", "app");
        await PgDurableSchema.InstallAsync(fresh);
        await using (var session = await _cluster.ConnectAsync("shop", who))
        {
            await PgDurableSchema.InstallAsync(session);
            await PgDurableSchema.InstallAsync(session);
            Assert.Equal(who, await ScalarAsync<string>(session, "SELECT current_user::text"));
        }
        Assert.Equal(await ScalarAsync<string>(fresh, Description), await ScalarAsync<string>(_app, Description));
    }

    [Fact]
    public async Task Install_WhileOldAndNewWorkersRun_LosesNothing()
    {
        await ExecuteAsync(_app, "SELECT df.grant_usage('other'); CREATE TABLE public.effects (label text, what text)");
        var connection = _cluster.ConnectionString("shop", "app");
        using var old = await ReleasedAssemblies.HostAsync(connection);
        using var current = await ReleasedAssemblies.StartAsync(
            services => services.AddPgDurableWorker(options => options.ConnectionString = connection));
        var both = $"{Release.Version} {PgDurableSchema.Version}";
        await Poll.UntilAsync("both work", () => ScalarAsync<bool>(
            _app, $"SELECT coalesce(string_agg(version, ' ' ORDER BY version), '') = '{both}' FROM df.workers"));

        const string step = "'INSERT INTO public.effects VALUES ($sys_label, ''{0}'')'";
        var chain = string.Join(
            " OPERATOR(df.~>) df.sleep(0.1) OPERATOR(df.~>) ", "abcdefgh".Select(c => step.Replace("{0}", $"{c}")));
        await ExecuteAsync(_app, $"SELECT df.start({chain}, n::text) FROM generate_series(1, 200) n");
        await Poll.UntilAsync("they run", () => ScalarAsync<bool>(_app, "SELECT count(*) > 300 FROM public.effects"));
        await PgDurableSchema.InstallAsync(_app);
        await ExecuteAsync(_app, $"SELECT df.start({chain}, n::text) FROM generate_series(201, 300) n");
        await Poll.UntilAsync("all have ended", () => ScalarAsync<bool>(
            _app, "SELECT count(*) = 300 FROM df.instances WHERE status = 'completed'"), TimeSpan.FromSeconds(60));
        Assert.Equal(2400L, await ScalarAsync<long>(_app, "SELECT count(*) FROM public.effects"));
        Assert.Equal(2400L, await ScalarAsync<long>(_app, "SELECT count(DISTINCT (label, what)) FROM public.effects"));
        Assert.Equal(2L, await ScalarAsync<long>(_app, "SELECT count(DISTINCT worker_id) FROM df.checkpoints"));

        // The update has granted what is new; and a role that doesn't own the schema uses it as it is.
        await using var other = await _cluster.ConnectAsync("shop", "other");
        await PgDurableSchema.InstallAsync(other, "app");
        var error = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(other, "SELECT df.list_instances_on_all_nodes()"));
        Assert.Equal(PostgresErrorCodes.FeatureNotSupported, error.SqlState);
        await old.StopAsync();
        await current.StopAsync();
    }

    [Theory]
    [InlineData("df.version()", "99.0.0 (built x)", "df._oldest_version()", "98.0.0", "it needs packages of version 98.0.0 or newer")]
    [InlineData("df.version()", "0.8.0 (built x)", "df.version()", "0.8.0 (built x)", "there is no update from it")]
    public async Task Install_SchemaThatDoesNotFit_SaysWhatToDo(
        string function, string text, string other, string otherText, string message)
    {
        await PgDurableSchema.InstallAsync(_app);
        foreach (var (name, result) in new[] { (function, text), (other, otherText) })
            await ExecuteAsync(_app, $"CREATE OR REPLACE FUNCTION {name} RETURNS text LANGUAGE sql AS $$ SELECT '{result}'::text $$");
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => PgDurableSchema.InstallAsync(_app));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Install_NewerSchemaThatThePackageFits_IsUsed()
    {
        await PgDurableSchema.InstallAsync(_app);
        await ExecuteAsync(
            _app, "CREATE OR REPLACE FUNCTION df.version() RETURNS text LANGUAGE sql AS $$ SELECT '0.9.99 (built x)'::text $$");
        await PgDurableSchema.InstallAsync(_app);
    }

    static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    static async Task<T> ScalarAsync<T>(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }
}
