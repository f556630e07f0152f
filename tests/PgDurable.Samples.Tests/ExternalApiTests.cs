using System.Net.Http.Json;
using System.Text.Json;
using PgDurable.TestKit;

namespace PgDurable.Samples.Tests;

/// <summary>samples/ExternalApi: the carrier is busy, fails and doesn't answer; worker and application are killed.</summary>
public sealed class ExternalApiTests
{
    private const int Count = 4;

    [Fact]
    public async Task Parcels_CarrierFailsAndEverybodyIsKilled_AreShippedOnce()
    {
        await using var cluster = await PgCluster.StartAsync(new()
        {
            Worker = true,
            Settings = new Dictionary<string, string>
            {
                ["pg_durable.http_allowed_hosts"] = "127.0.0.1",
                ["pg_durable.http_allow_private_addresses"] = "on",
            },
        });
        await cluster.ExecuteAsync(await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Path, "samples", "ExternalApi", "schema.sql")));
        await using var carrier = await SampleProcess.StartAsync("ExternalApi", "carrier");
        var application = await StartAsync();
        try
        {
            await cluster.ExecuteAsync(
                $$"""
                  SET SESSION AUTHORIZATION warehouse;
                  INSERT INTO warehouse.parcels SELECT i, 'street ' || i FROM generate_series(1, {{2 * Count}}) i;
                  INSERT INTO warehouse.parcels VALUES (98, 'nowhere'), (99, 'nowhere');
                  SELECT df.start_workflow('ship-parcel', jsonb_build_object('carrier', '{{carrier.Url}}', 'parcel_id', i))
                    FROM generate_series(1, {{Count}}) i;
                  SELECT df.start_workflow('ship-parcel', '{"carrier": "{{carrier.Url}}", "parcel_id": 98}');
                  SELECT df.start_workflow('ship-parcel-in-code', jsonb_build_object('parcel_id', i))
                    FROM generate_series({{Count + 1}}, {{2 * Count}}) i;
                  SELECT df.start_workflow('ship-parcel-in-code', '{"parcel_id": 99}')
                  """);

            // Some are shipped, and nobody has heard of it.
            await Poll.UntilAsync("the carrier has shipped", async () => (await ShipmentsAsync()).Count(each => each.Requests == 3) >= 2);
            await application.KillAsync();
            await cluster.KillWorkerAsync();
            await application.DisposeAsync();
            application = await StartAsync();

            await Poll.UntilAsync("all have ended", () => cluster.ScalarAsync<bool>(
                "SELECT NOT EXISTS (SELECT FROM df.instances WHERE status IN ('pending', 'running'))"), TimeSpan.FromMinutes(2));
        }
        finally
        {
            await application.DisposeAsync();
        }

        var shipments = await ShipmentsAsync();
        Assert.Equal(
            Enumerable.Range(1, 2 * Count).Select(i => $"street {i}"),
            shipments.Select(each => each.Address).Order(StringComparer.Ordinal));
        Assert.All(shipments, each => Assert.InRange(each.Requests, 4, 20));
        Assert.Equal(
            string.Join(' ', shipments.Select(each => $"{each.Address}: {each.Tracking}").Order(StringComparer.Ordinal)),
            await cluster.ScalarAsync<string>(
                "SELECT string_agg(address || ': ' || tracking, ' ' ORDER BY address) FROM warehouse.parcels WHERE tracking IS NOT NULL"));
        Assert.Equal("the carrier said 422; the carrier said 422", await cluster.ScalarAsync<string>(
            "SELECT string_agg(problem, '; ') FROM warehouse.parcels"));
        Assert.Equal("2 SHIP1", await cluster.ScalarAsync<string>(
            "SELECT count(*) || ' ' || min(sqlstate) FROM df.failed"));

        Task<SampleProcess> StartAsync() =>
            SampleProcess.StartAsync("ExternalApi", "app", cluster.ConnectionString(user: "warehouse", pooling: true), carrier.Url);

        async Task<IReadOnlyList<(string Address, string? Tracking, int Requests)>> ShipmentsAsync() =>
        [
            .. (await carrier.Http.GetFromJsonAsync<JsonElement>("/shipments")).EnumerateArray().Select(each => (
                each.GetProperty("address").GetString()!,
                each.GetProperty("tracking").GetString(),
                each.GetProperty("requests").GetInt32())),
        ];
    }
}
