using Npgsql;
using PgDurable.Worker.Store;

namespace PgDurable.Worker.Dispatch;

/// <summary>What a worker finds in the database that it connects to.</summary>
/// <param name="Sandboxed">The C module is there: steps of every role can be run.</param>
/// <param name="Role">The role that the worker is logged in as.</param>
/// <param name="RoleName">Its name.</param>
/// <param name="SuperuserInstances">Whether superusers' instances are run.</param>
/// <param name="MinLoopInterval">The pace of loops that wait for nothing.</param>
internal sealed record DatabaseProbe(bool Sandboxed, uint Role, string RoleName, bool SuperuserInstances, TimeSpan MinLoopInterval)
{
    /// <exception cref="WorkerSessionException">A worker can't run here; the message says what to do.</exception>
    public static async Task<DatabaseProbe> RunAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(SqlCatalog.Probe, connection);
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        var name = connection.UserName ?? "";
        if (!row.GetBoolean(0))
            throw new WorkerSessionException($"database \"{connection.Database}\" has no schema df of this version: CREATE EXTENSION pg_durable in it");
        var sandboxed = !row.IsDBNull(1) && row.GetBoolean(1);
        if (sandboxed && !row.GetBoolean(3))
            throw new WorkerSessionException($"role \"{name}\" is no superuser: a worker beside the extension runs steps of all roles and must connect as one");
        return new DatabaseProbe(sandboxed, row.GetFieldValue<uint>(2), name, row.GetBoolean(4), TimeSpan.FromMilliseconds(row.GetInt32(5)));
    }
}
