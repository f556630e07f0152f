using PgDurable.TestKit;

namespace PgDurable.Samples.Tests;

/// <summary>A server with a worker, and a role that has what the examples of docs/activities.md need.</summary>
public sealed class ActivitiesCluster : IAsyncLifetime
{
    public const string Role = "app";

    public PgCluster Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Server = await PgCluster.StartAsync(new() { Worker = true });
        await Server.ExecuteAsync(
            $"""
             CREATE EXTENSION IF NOT EXISTS pg_durable;
             CREATE ROLE {Role} LOGIN;
             CREATE TABLE thumbnails (image int, width int);
             GRANT INSERT ON thumbnails TO {Role};
             SELECT df.grant_usage('{Role}')
             """);
    }

    /// <summary>The environment of a program that connects as the role.</summary>
    public IReadOnlyDictionary<string, string> Environment
    {
        get
        {
            var settings = new Npgsql.NpgsqlConnectionStringBuilder(Server.ConnectionString(user: Role));
            return new Dictionary<string, string>
            {
                ["PGHOST"] = settings.Host!,
                ["PGPORT"] = settings.Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
                ["PGUSER"] = Role,
                ["PGDATABASE"] = settings.Database!,
            };
        }
    }

    public Task TaskAsync() => Poll.UntilAsync(
        "there is a task", async () => await Server.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM df.tasks WHERE status = 'waiting')"));

    public async Task DisposeAsync() => await Server.DisposeAsync();
}
