using Npgsql;
using PgDurable.TestKit;

namespace PgDurable.Extension.Tests.Cluster;

/// <summary>What a dashboard reads, on a standby that answers queries.</summary>
[Trait("Needs", "pg_basebackup")]
public sealed class StandbyTests
{
    [Fact]
    public async Task Reads_OnAStandby_Answer_AndAStartSaysThatItCannot()
    {
        await using var primary = await PgCluster.StartAsync();
        await primary.ExecuteAsync("CREATE EXTENSION pg_durable; CREATE ROLE app LOGIN");
        await primary.ExecuteAsync("SELECT df.grant_usage('app'); SET ROLE app; SELECT df.start('SELECT 1', 'a')");
        await using var standby = await PgCluster.StartAsync(new() { StandbyOf = primary });
        await using var session = await standby.ConnectAsync(user: "app");
        foreach (var query in (string[])["df.instances", "df.nodes", "df.running", "df.waiting", "df.failed", "df.failures", "df.workflows",
                     "df.schedules", "df.tasks", "df.list_instances()", "df.search('status:pending')", "df.health()"])
        {
            await ExecuteAsync(session, $"SELECT count(*) FROM {query}");
        }
        Assert.Equal("a", await ExecuteAsync(session, "SELECT label FROM df.list_instances()"));
        foreach (var function in (string[])["why", "explain", "history", "export_history", "instance_info", "instance_nodes", "status"])
            await ExecuteAsync(session, $"SELECT df.{function}(id) FROM df.instances");

        var error = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(session, "SELECT df.start('SELECT 1')"));
        Assert.Equal(PostgresErrorCodes.ReadOnlySqlTransaction, error.SqlState);
    }

    static async Task<string?> ExecuteAsync(NpgsqlConnection session, string sql)
    {
        await using var command = new NpgsqlCommand(sql, session);
        return await command.ExecuteScalarAsync() as string;
    }
}
