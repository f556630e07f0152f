using Npgsql;
using NpgsqlTypes;

namespace PgDurable.Worker.Store;

/// <content>Who is served next.</content>
internal sealed partial class WorkerStore
{
    /// <summary>Up to so many lanes behind a given one, and whether something in them is due.</summary>
    public async Task<List<(Lane Lane, bool IsDue)>> LanesAsync(uint? role, Lane after, int limit, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(SqlCatalog.Lanes, quick.Connection)
        {
            Parameters =
            {
                new() { Value = (object?)role ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Oid },
                new() { Value = after.Role, NpgsqlDbType = NpgsqlDbType.Oid },
                new() { Value = after.Number },
                new() { Value = limit },
            },
        };
        return await ReadAsync(command, row => (new Lane(row.GetFieldValue<uint>(0), row.GetInt16(1)), row.GetBoolean(2)), ct);
    }

    /// <summary>The instances in this worker's hands that have something new, without a claim.</summary>
    public async Task<long[]> NewsAsync(CancellationToken ct)
    {
        await using var command = Command(SqlCatalog.News);
        return (await ReadAsync(command, row => row.GetFieldValue<long[]>(0), ct))[0];
    }

    /// <summary>A limit: what holds for all roles, first, and for some.</summary>
    public async Task<List<(uint? Role, long Value)>> LimitsAsync(string name, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(SqlCatalog.Limits, quick.Connection) { Parameters = { new() { Value = name } } };
        return await ReadAsync(command, row => (row.IsDBNull(0) ? (uint?)null : row.GetFieldValue<uint>(0), row.GetInt64(1)), ct);
    }
}
