using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using PgDurable.TestKit;

namespace PgDurable.Samples.Tests;

/// <summary>The sample at work: a server, the payment provider and the shop.</summary>
internal sealed class ShopRun : IAsyncDisposable
{
    private readonly PgCluster _server;
    private readonly SampleProcess _payments;
    private SampleProcess _shop;

    private ShopRun(PgCluster server, SampleProcess payments, SampleProcess shop) => (_server, _payments, _shop) = (server, payments, shop);

    public static async Task<ShopRun> StartAsync(int paymentMilliseconds)
    {
        var server = await PgCluster.StartAsync(new() { Worker = true });
        SampleProcess? payments = null;
        try
        {
            await server.ExecuteAsync(await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Path, "samples", "Shop", "role.sql")));
            payments = await SampleProcess.StartAsync("Shop", "payments", $"--Payments:Milliseconds={paymentMilliseconds}");
            return new(server, payments, await StartShopAsync(server, payments));
        }
        catch (Exception)
        {
            if (payments is not null)
                await payments.DisposeAsync();
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>kill -9 of the shop, and another one in its place. The payment provider stays.</summary>
    public async Task KillShopAsync()
    {
        await _shop.KillAsync();
        await _shop.DisposeAsync();
        _shop = await StartShopAsync(_server, _payments);
    }

    public async Task<long> OrderAsync(string sku, int quantity, string account)
    {
        using var response = await _shop.Http.PostAsJsonAsync("/orders", new { sku, quantity, account });
        Assert.True(response.IsSuccessStatusCode, _shop.Output);
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt64();
    }

    public async Task ApproveAsync(long order, bool approved, string by)
    {
        using var response = await _shop.Http.PostAsJsonAsync($"/orders/{order}/approve", new { approved, by });
        Assert.True(response.IsSuccessStatusCode, _shop.Output);
    }

    /// <summary>Waits until an order has a status, and returns the order.</summary>
    public async Task<JsonElement> UntilAsync(long order, params string[] statuses)
    {
        JsonElement seen = default;
        try
        {
            await Poll.UntilAsync($"order {order} is {string.Join(" or ", statuses)}", async () =>
            {
                seen = await _shop.Http.GetFromJsonAsync<JsonElement>($"/orders/{order}");
                return statuses.Contains(seen.GetProperty("status").GetString());
            }, TimeSpan.FromMinutes(2));
        }
        catch (TimeoutException error)
        {
            throw new InvalidOperationException($"{error.Message}\n{seen}\n{_shop.Output}", error);
        }

        return seen;
    }

    /// <summary>What the payment provider has: account, amount, and the numbers of requests and of answers.</summary>
    public async Task<IReadOnlyList<(string Account, decimal Amount, int Requests, int Answers)>> ChargesAsync() =>
    [
        .. (await _payments.Http.GetFromJsonAsync<JsonElement>("/charges")).EnumerateArray().Select(charge => (
            charge.GetProperty("account").GetString()!, charge.GetProperty("amount").GetDecimal(),
            charge.GetProperty("requests").GetInt32(), charge.GetProperty("answers").GetInt32())),
    ];

    public async Task<int> StockAsync(string sku) => await _server.ScalarAsync<int>($"SELECT stock FROM shop.products WHERE sku = '{sku}'");

    /// <summary>The orders that have invoices, in order, with the amounts.</summary>
    public async Task<IReadOnlyList<(long Order, decimal Amount)>> InvoicesAsync()
    {
        var all = new List<(long, decimal)>();
        await using var connection = await _server.ConnectAsync();
        await using var command = new NpgsqlCommand("SELECT order_id, amount FROM shop.invoices ORDER BY order_id", connection);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            all.Add((reader.GetInt64(0), reader.GetDecimal(1)));
        return all;
    }

    public Task<string> HealthAsync() => _shop.Http.GetStringAsync("/health");

    public async ValueTask DisposeAsync()
    {
        await _shop.DisposeAsync();
        await _payments.DisposeAsync();
        await _server.DisposeAsync();
    }

    // A short lease, so that nobody has to wait long for what a killed shop has left.
    private static Task<SampleProcess> StartShopAsync(PgCluster server, SampleProcess payments) => SampleProcess.StartAsync(
        "Shop", $"--ConnectionStrings:Shop={server.ConnectionString(user: "shop", pooling: true)}",
        $"--Payments:Url={payments.Http.BaseAddress}", "--Activities:LeaseSeconds=2");
}
