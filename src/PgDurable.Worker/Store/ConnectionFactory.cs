using Npgsql;

namespace PgDurable.Worker.Store;

/// <summary>Opens the worker's connections. Each is held for as long as the session lasts, so there is nothing to pool.</summary>
internal sealed class ConnectionFactory(string connectionString)
{
    /// <summary>Opens a connection.</summary>
    /// <param name="purpose">What shows after <c>pg_durable:worker:</c> in <c>pg_stat_activity</c>.</param>
    /// <param name="settings">Server settings of the session: see <see cref="SessionSettings"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="database">Another database than the worker's own.</param>
    public async Task<NpgsqlConnection> OpenAsync(string purpose, string settings, CancellationToken cancellationToken, string? database = null)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Pooling = false,
            Enlist = false,
            // Makes Npgsql look for statements that were prepared explicitly when it runs a batch that was not. It prepares none by itself.
            MaxAutoPrepare = 1,
            AutoPrepareMinUsages = int.MaxValue,
            // The queries by which Npgsql learns of types and versions name functions and operators that a database's owner could supply. What a result needs to know of a
            // type is read by TypeLookup.
            ["Server Compatibility Mode"] = "NoTypeLoading",
            // What an error means depends on the command of the batch that it is of.
            IncludeFailedBatchedCommand = true,
            // For df.error(), which only the instance's own role reads; the worker does not log it.
            IncludeErrorDetail = true,
            ApplicationName = $"pg_durable:worker:{purpose}",
        };
        if (database is not null) builder.Database = database;
        builder.Options = $"{builder.Options} {settings}".Trim();
        var connection = new NpgsqlConnection(builder.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
