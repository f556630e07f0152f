using Npgsql;
using NpgsqlTypes;
using PgDurable.Worker.Store.Connections;

namespace PgDurable.Worker.Store;

/// <content>Who is served next.</content>
internal sealed partial class WorkerStore
{
    private const string Lanes = "SELECT role_oid, lane, due FROM df._worker_lanes($1, $2, $3, $4)";
    private const string Limits = "SELECT role_oid, value FROM df._worker_limits($1)";

    /// <summary>The next lanes after a given one, and whether something in them is due.</summary>
    public async Task<List<(Lane Lane, bool IsDue)>> LanesAsync(uint? role, Lane after, int limit, CancellationToken ct)
    {
        await using var command = Command(quick, Lanes, Nullable(role, NpgsqlDbType.Oid),
            new NpgsqlParameter { Value = after.Role, NpgsqlDbType = NpgsqlDbType.Oid }, after.Number, limit);
        return await ReadAsync(command, row => (new Lane(row.Get<uint>("role_oid"), row.Get<short>("lane")), row.Get<bool>("due")), ct);
    }

    /// <summary>A limit: first the default of all roles, then the limits of single roles.</summary>
    public async Task<List<(uint? Role, long Value)>> LimitsAsync(string name, CancellationToken ct)
    {
        await using var command = Command(quick, Limits, name);
        return await ReadAsync(command, row => (row.Find<uint>("role_oid"), row.Get<long>("value")), ct);
    }
}
