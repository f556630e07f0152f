using System.Text.Json;

namespace PgDurable.Samples.Tests;

/// <summary>samples/Shop does what its README says.</summary>
public sealed class ShopTests
{
    [Fact]
    public async Task Orders_OfAllKinds_EndAsTheyShould()
    {
        await using var shop = await ShopRun.StartAsync(paymentMilliseconds: 10);
        Assert.Equal("Healthy", await shop.HealthAsync());

        // The payment provider loses its first answer, so the second attempt asks with the same key.
        var small = await shop.OrderAsync("book", 2, "flaky-anna");
        var completed = await shop.UntilAsync(small, "completed");
        Assert.Contains(Steps(completed), step => step == "ACTIVITY write-invoice");

        var large = await shop.OrderAsync("sofa", 1, "bernd");
        await shop.UntilAsync(large, "awaiting approval");
        Assert.DoesNotContain(await shop.ChargesAsync(), charge => charge.Account == "bernd");
        await shop.ApproveAsync(large, approved: true, "carla");
        await shop.UntilAsync(large, "completed");

        var denied = await shop.OrderAsync("sofa", 2, "dora");
        await shop.UntilAsync(denied, "awaiting approval");
        await shop.ApproveAsync(denied, approved: false, "carla");
        Assert.Equal("carla denied it", (await shop.UntilAsync(denied, "rejected")).GetProperty("reason").GetString());

        var declined = await shop.OrderAsync("book", 3, "declined-emil");
        Assert.Contains("declined", (await shop.UntilAsync(declined, "rejected")).GetProperty("reason").GetString());

        var tooMany = await shop.OrderAsync("book", 99, "frida");
        Assert.Contains("stock_is_enough", (await shop.UntilAsync(tooMany, "rejected")).GetProperty("reason").GetString());

        Assert.Equal([("bernd", 1200m, 1, 1), ("flaky-anna", 40m, 2, 2)], (await shop.ChargesAsync()).OrderBy(charge => charge.Account));
        Assert.Equal((98, 4), (await shop.StockAsync("book"), await shop.StockAsync("sofa")));
        Assert.Equal([(small, 40m), (large, 1200m)], await shop.InvoicesAsync());
    }

    [Fact]
    public async Task Shop_KilledWhileItCharges_ChargesEachOrderOnce()
    {
        const int count = 12;
        await using var shop = await ShopRun.StartAsync(paymentMilliseconds: 1000);
        var orders = new List<long>();
        for (var i = 0; i < count; i++)
            orders.Add(await shop.OrderAsync("book", 1, $"{(i % 3) switch { 0 => "flaky", 1 => "declined", _ => "good" }}-{i}"));

        // The provider has charged some, but the shop hasn't heard of all of them yet, and of some it never will.
        await TestKit.Poll.UntilAsync(
            "some are charged", async () => (await shop.ChargesAsync()).Any(charge => charge.Requests > charge.Answers));
        await shop.KillShopAsync();

        foreach (var (order, i) in orders.Select((order, i) => (order, i)))
            await shop.UntilAsync(order, i % 3 == 1 ? "rejected" : "completed");

        // Each once, however often it was asked for; the killed shop's charges were asked for again.
        var charges = await shop.ChargesAsync();
        var expected = Enumerable.Range(0, count).Where(i => i % 3 != 1).Select(i => $"{(i % 3 == 0 ? "flaky" : "good")}-{i}").Order();
        Assert.Equal(expected, charges.Select(charge => charge.Account).Order());
        Assert.All(charges, charge => Assert.Equal(20m, charge.Amount));
        Assert.Contains(charges, charge => charge.Requests > charge.Answers);
        Assert.Equal(100 - (count * 2 / 3), await shop.StockAsync("book"));
        Assert.Equal(orders.Where((_, i) => i % 3 != 1), (await shop.InvoicesAsync()).Select(invoice => invoice.Order));
    }

    private static IEnumerable<string> Steps(JsonElement order) =>
        order.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("name").GetString()!);
}
