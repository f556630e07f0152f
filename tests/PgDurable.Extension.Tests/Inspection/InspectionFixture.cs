using Npgsql;
using PgDurable.TestKit;

namespace PgDurable.Extension.Tests.Inspection;

/// <summary>A server without a worker: the tests write what a worker would have recorded. Two roles that may use the extension.</summary>
public sealed class InspectionFixture : IAsyncLifetime
{
    public PgCluster Cluster { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Cluster = await PgCluster.StartAsync(new()
        {
            Settings = new Dictionary<string, string> { ["pg_durable.enable_superuser_instances"] = "on" },
        });
        await Cluster.ExecuteAsync("CREATE EXTENSION IF NOT EXISTS pg_durable");
        foreach (var role in (string[])["carol", "dave"])
        {
            await Cluster.CreateRoleAsync(role);
            await Cluster.ExecuteAsync($"ALTER ROLE {role} LOGIN; SELECT df.grant_usage('{role}')");
        }
    }

    public async Task DisposeAsync() => await Cluster.DisposeAsync();

    /// <summary>The first column of all rows, as the role sees it.</summary>
    public async Task<List<string>> ListAsync(string role, string sql, params object?[] parameters)
    {
        await using var connection = await Cluster.ConnectAsync(user: role);
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
            command.Parameters.Add(new() { Value = parameter ?? DBNull.Value });
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
            rows.Add(reader.IsDBNull(0) ? "" : reader.GetValue(0).ToString()!);
        return rows;
    }

    /// <summary>One value, as the role sees it; empty if it is NULL or there is no row.</summary>
    public async Task<string> TextAsync(string role, string sql, params object?[] parameters) =>
        (await ListAsync(role, sql, parameters)).FirstOrDefault("");
}

[CollectionDefinition(Name)]
public sealed class InspectionCollection : ICollectionFixture<InspectionFixture>
{
    public const string Name = "inspection";
}
