using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace PgDurable.Docs.Tests;

/// <summary>A server with a worker, and what psql needs to run a page there.</summary>
public sealed class DocsCluster : IAsyncLifetime
{
    // Whom the pages name.
    static readonly string[] Roles = ["app", "dba", "mailer", "payments_app", "reporting"];

    public PgCluster Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Server = await PgCluster.StartAsync(new() { Worker = true });
        await Server.ExecuteAsync("CREATE EXTENSION IF NOT EXISTS pg_durable;" + string.Concat(Roles.Select(role =>
            $"CREATE ROLE {role} LOGIN; SELECT df.grant_usage('{role}');")));
        await Server.ExecuteAsync("CREATE DATABASE shop");
    }

    /// <summary>Runs statements in psql up to the first error, and returns what it printed, errors included.</summary>
    /// <param name="user">The role; null is the superuser.</param>
    /// <param name="schema">The schema that comes first in the search path.</param>
    /// <param name="sql">The statements.</param>
    public async Task<(bool Succeeded, string Output)> PsqlAsync(string? user, string schema, string sql)
    {
        var settings = new NpgsqlConnectionStringBuilder(Server.ConnectionString(user: user));
        var folder = await Server.ScalarAsync<string>("SELECT setting FROM pg_config WHERE name = 'BINDIR'");
        var start = new ProcessStartInfo("bash", ["-c", $"exec '{folder}/psql' -XAqt -v ON_ERROR_STOP=1 -f - 2>&1"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["PGHOST"] = settings.Host;
        start.Environment["PGPORT"] = settings.Port.ToString(CultureInfo.InvariantCulture);
        start.Environment["PGUSER"] = settings.Username;
        start.Environment["PGDATABASE"] = settings.Database;
        start.Environment["PGOPTIONS"] = $"-c search_path={schema},public -c statement_timeout=60s";
        using var psql = Process.Start(start)!;
        var output = psql.StandardOutput.ReadToEndAsync();
        await psql.StandardInput.WriteAsync(sql);
        psql.StandardInput.Close();
        await psql.WaitForExitAsync();
        return (psql.ExitCode == 0, await output);
    }

    public async Task DisposeAsync() => await Server.DisposeAsync();
}
