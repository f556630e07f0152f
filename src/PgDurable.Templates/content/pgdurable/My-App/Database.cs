using Npgsql;
using PgDurable;

namespace RootNs;

/// <summary>What the application needs in its database. A deployment with several processes does this first, in a migration.</summary>
public static class Database
{
    private const string Tables = """
        CREATE TABLE IF NOT EXISTS orders (
            id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            customer    text NOT NULL,
            total       numeric NOT NULL,
            status      text NOT NULL DEFAULT 'new',
            instance_id text)
        """;

    public static async Task PrepareAsync(NpgsqlDataSource dataSource, bool hostsWorker, bool isDevelopment)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        if (hostsWorker)
            await PgDurableSchema.InstallAsync(connection);
        await using (var tables = new NpgsqlCommand(Tables, connection))
            await tables.ExecuteNonQueryAsync();

        // In development, a workflow may change under the same version until it is released, which is when workflows.lock.json has it.
        var overwrite = isDevelopment ? Overwrite.Unreleased : Overwrite.Never;
        await PgDurableRegistration.RegisterAsync(connection, PgDurableWorkflows.All, overwrite);
    }
}
