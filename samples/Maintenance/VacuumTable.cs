using Npgsql;
using PgDurable;

namespace Maintenance;

/// <summary>Vacuums a table, outside of any transaction. Doing it twice does no harm.</summary>
[Activity("vacuum-table")]
public sealed partial class VacuumTable(NpgsqlDataSource dataSource) : IActivity<VacuumTable.Input>
{
    public sealed record Input(string Schema, string Table);

    public async Task RunAsync(Input input, ActivityContext context, CancellationToken ct)
    {
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        await using var name = new NpgsqlCommand("SELECT format('VACUUM (ANALYZE) %I.%I', $1, $2)", connection)
        {
            Parameters = { new() { Value = input.Schema }, new() { Value = input.Table } },
        };
        var statement = (string)(await name.ExecuteScalarAsync(ct))!;
        // Not limited by the connection string: it may take hours. Cancelling the workflow cancels it.
        await using var vacuum = new NpgsqlCommand(statement, connection) { CommandTimeout = 0 };
        await vacuum.ExecuteNonQueryAsync(ct);
    }
}
