using Npgsql;
using NpgsqlTypes;

namespace PgDurable.Worker.Store;

/// <summary>Registers a worker on the connection that hears its notifications. The registration ends with that connection.</summary>
internal static class WorkerRegistration
{
    private const string Listen = "LISTEN pg_durable";
    private const string Register = "SELECT df._worker_register($1, $2, $3, $4)";

    /// <summary>Returns the worker's number; <c>null</c> if the server is a standby.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="silenceLimit">How long the worker may be silent before others take it for dead.</param>
    public static async Task<int?> RegisterAsync(NpgsqlConnection connection, TimeSpan silenceLimit)
    {
        await using (var listen = new NpgsqlCommand(Listen, connection))
            await listen.ExecuteNonQueryAsync(CancellationToken.None);
        await using var register = new NpgsqlCommand(Register, connection)
        {
            Parameters =
            {
                new() { Value = Environment.MachineName },
                new() { Value = Environment.ProcessId },
                new() { Value = typeof(WorkerRegistration).Assembly.GetName().Version!.ToString(3), NpgsqlDbType = NpgsqlDbType.Text },
                new() { Value = silenceLimit },
            },
        };
        return await register.ExecuteScalarAsync(CancellationToken.None) as int?;
    }
}
