using System.Globalization;
using Npgsql;

namespace PgDurable.Worker.Store.Connections;

/// <summary>
/// Opens the connections of one worker session. Each stays open as long as the session lasts, so there is nothing to pool.
/// </summary>
/// <param name="connectionString">The worker's connection string.</param>
/// <param name="deadAfter">How long a connection whose other end is gone may go unnoticed.</param>
internal sealed class ConnectionFactory(string connectionString, TimeSpan deadAfter)
{
    /// <summary>The server's ends of the connections.</summary>
    public Backends Backends { get; } = new();

    // The server's part: it notices as soon as the worker does, and ends what runs there.
    private string ServerSettings => string.Create(CultureInfo.InvariantCulture,
        $"-c tcp_keepalives_idle={Third} -c tcp_keepalives_interval={Third} -c tcp_keepalives_count=2 "
        + $"-c tcp_user_timeout={(long)deadAfter.TotalMilliseconds}");

    private int Third => Math.Max(1, (int)(deadAfter.TotalSeconds / 3));

    /// <summary>Opens a connection for the worker's own statements.</summary>
    /// <param name="purpose">As in <see cref="OpenAsync"/>.</param>
    /// <param name="settings">As in <see cref="OpenAsync"/>.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<NpgsqlConnection> OpenControlAsync(string purpose, string settings, CancellationToken ct)
    {
        var connection = await OpenAsync(purpose, settings, ct);
        try
        {
            await Backends.FreeOfLimitsAsync(connection);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens a connection.</summary>
    /// <param name="purpose">What shows after <c>pg_durable:worker:</c> in <c>pg_stat_activity</c>.</param>
    /// <param name="settings">Server settings of the session: see <see cref="SessionSettings"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="database">A database other than the worker's own.</param>
    public async Task<NpgsqlConnection> OpenAsync(
        string purpose, string settings, CancellationToken cancellationToken, string? database = null)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Pooling = false,
            Enlist = false,
            // When Npgsql runs an unprepared batch, this makes it look for explicitly prepared statements. It prepares none by itself.
            MaxAutoPrepare = 1,
            AutoPrepareMinUsages = int.MaxValue,
            // Npgsql's own queries for types and versions name functions and operators that a database's owner could replace. TypeLookup
            // reads what a result needs to know about a type.
            ["Server Compatibility Mode"] = "NoTypeLoading",
            // What an error means depends on which command of the batch it belongs to.
            IncludeFailedBatchedCommand = true,
            // For df.error(), which only the instance's own role can read. The worker doesn't log it.
            IncludeErrorDetail = true,
            ApplicationName = $"pg_durable:worker:{purpose}",
        };
        if (builder.Host is { Length: > 0 } host && host[0] is not ('/' or '@')) // a Unix socket has no keep-alive, and needs none
            (builder.TcpKeepAlive, builder.TcpKeepAliveTime, builder.TcpKeepAliveInterval) = (true, Third, Third);
        if (!builder.ShouldSerialize("Timeout"))
            builder.Timeout = Math.Max(1, (int)deadAfter.TotalSeconds);
        if (purpose == "poll")
            builder.KeepAlive = Third; // it only listens, and would wait forever
        if (database is not null)
            builder.Database = database;
        builder.Options = $"{builder.Options} {ServerSettings} {settings}".Trim();
        var connection = new NpgsqlConnection(builder.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            await Backends.AddAsync(connection);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
