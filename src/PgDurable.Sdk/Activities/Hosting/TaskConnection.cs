using System.Data;
using Npgsql;

namespace PgDurable;

/// <summary>A connection of its own for statements that are sent again and again. They are prepared if possible.</summary>
internal sealed class TaskConnection : IAsyncDisposable
{
    // A connection that doesn't answer for so long is replaced.
    private const int TimeoutSeconds = 15;

    private readonly bool _prepares;
    private bool _listens;

    private TaskConnection(NpgsqlConnection connection, bool keepsSession) =>
        (Connection, _prepares) = (connection, keepsSession);

    public NpgsqlConnection Connection { get; }

    /// <summary>Opens a connection from the data source.</summary>
    /// <param name="dataSource">The data source.</param>
    /// <param name="keepsSession">Whether the connection keeps its server session: see <see cref="DataSources.KeepsSession"/>.</param>
    /// <param name="ct">Cancels the attempt.</param>
    public static async Task<TaskConnection> OpenAsync(NpgsqlDataSource dataSource, bool keepsSession, CancellationToken ct) =>
        new(await dataSource.OpenConnectionAsync(ct).ConfigureAwait(false), keepsSession);

    /// <summary>Creates a statement. It is valid as long as the connection.</summary>
    public async Task<NpgsqlCommand> CommandAsync(string sql, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlCommand(sql, Connection) { CommandTimeout = TimeoutSeconds };
        command.Parameters.AddRange(parameters);
        if (_prepares)
            await command.PrepareAsync().ConfigureAwait(false);
        return command;
    }

    /// <summary>Starts to listen for new tasks.</summary>
    public async Task ListenAsync(CancellationToken ct)
    {
        await ExecuteAsync(TaskSql.Listen, ct).ConfigureAwait(false);
        _listens = true;
    }

    public async ValueTask DisposeAsync()
    {
        // A pooled connection must not keep listening when its next user gets it.
        if (_listens && Connection.FullState == ConnectionState.Open)
        {
            try
            {
                await ExecuteAsync(TaskSql.Unlisten, CancellationToken.None).ConfigureAwait(false);
            }
            catch (NpgsqlException)
            {
                // It is broken, so it doesn't go back to the pool.
            }
        }
        await Connection.DisposeAsync().ConfigureAwait(false);
    }

    private async Task ExecuteAsync(string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, Connection) { CommandTimeout = TimeoutSeconds };
        await command.ExecuteNonQueryAsync(ct).ConfigureAwait(false);
    }
}
