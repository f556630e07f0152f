using System.Net;
using Npgsql;
using PgDurable.Dashboard.Tests.Fixtures;

namespace PgDurable.Dashboard.Tests;

/// <summary>Each person is a role of the database, and row security decides.</summary>
[Collection(DashboardCollection.Name)]
public sealed class RolesTests(DashboardFixture fixture)
{
    [Fact]
    public async Task People_OfDifferentRoles_SeeOnlyTheirOwn()
    {
        var (shop, seed) = await fixture.ShopAsync();
        var other = await fixture.TenantAsync();
        var own = await other.StartAsync("df.wait_for_signal('go')", "mine");
        await other.WaitingAsync(own, "SIGNAL");

        await using var visit = await fixture.VisitAsync(other.Person);
        await visit.OpenAsync(DashboardHost.Main + "/instances");
        Assert.Equal([own], await visit.Page.Locator("td.id a").AllInnerTextsAsync());
        foreach (var screen in seed.Screens.Where(screen => !screen.Contains(seed.Text, StringComparison.Ordinal)))
        {
            await visit.GoAsync(DashboardHost.Main + screen);
            Assert.DoesNotContain(seed.Text, await visit.Page.ContentAsync(), StringComparison.Ordinal);
            Assert.Equal(screen.StartsWith("/instances/", StringComparison.Ordinal) ? 404 : 200, visit.Status);
        }

        await using var shopVisit = await fixture.VisitAsync(shop.Person);
        Assert.Equal(404, await shopVisit.GoAsync($"{DashboardHost.Main}/instances/{own}"));
    }

    [Fact]
    public async Task Action_OnSomethingOfAnotherRole_IsNotFoundAndChangesNothing()
    {
        var owner = await fixture.TenantAsync();
        var seed = await Seed.MakeAsync(owner, "private");
        var other = await fixture.TenantAsync();
        await other.TextAsync("SELECT df.start_graph(df.wait_for_signal('go'), label => 'mine')");
        var own = await other.TextAsync("SELECT id::text FROM df.instances");
        using var client = fixture.Client(other.Person);
        var token = await Form.TokenAsync(client, $"{DashboardHost.Main}/instances/{own}");
        foreach (var (path, fields) in Form.All(seed))
        {
            using var answer = await client.PostAsync(DashboardHost.Main + path, Form.With(token, fields));
            // A bulk action starts, and finds only what is the role's own.
            var expected = path == "/bulk" ? HttpStatusCode.SeeOther : HttpStatusCode.NotFound;
            Assert.True(answer.StatusCode == expected, $"{path}: {answer.StatusCode}");
        }

        foreach (var of in (string[])["input", "output", "state"])
        {
            using var answer = await client.GetAsync($"{DashboardHost.Main}/instances/{seed.Completed}/value?of={of}");
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }

        Assert.Equal("running failed running", string.Join(
            ' ', await owner.StatusAsync(seed.Waiting), await owner.StatusAsync(seed.Failed), await owner.StatusAsync(seed.Paused)));
        Assert.Equal("0", await owner.TextAsync("SELECT count(*)::text FROM df.signals"));
        Assert.Equal("1", await owner.TextAsync("SELECT count(*)::text FROM df.pauses"));
        Assert.False(await owner.ScalarAsync<bool>("SELECT paused FROM df.schedules"));
    }

    [Fact]
    public async Task Role_WithoutRights_IsToldWhatToDo()
    {
        await fixture.Cluster.ExecuteAsync("CREATE ROLE nobody_special; GRANT nobody_special TO web");
        await using var visit = await fixture.VisitAsync(new("nobody_special"));
        foreach (var path in (string[])["", "/instances", "/schedules", "/audit"])
        {
            Assert.Equal(403, await visit.GoAsync(DashboardHost.Main + path));
            var text = await visit.TextAsync();
            Assert.Contains("The database doesn't allow that", text, StringComparison.Ordinal);
            Assert.Contains("df.grant_usage", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Role_ThatTheConnectionIsNotAMemberOf_IsNamed()
    {
        await fixture.Cluster.ExecuteAsync("CREATE ROLE foreigner");
        await using var visit = await fixture.VisitAsync(new("foreigner"));

        Assert.Equal(403, await visit.GoAsync(DashboardHost.Main));

        Assert.Contains("\"foreigner\"", await visit.TextAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("df.grant_usage", await visit.TextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Database_OutOfReach_IsReportedWithoutTheConnectionString()
    {
        var connection = new NpgsqlConnectionStringBuilder(fixture.Cluster.ConnectionString(user: "web"))
        {
            Host = "127.0.0.1",
            Port = 1,
            Password = "s3cret-password",
            Username = "s3cret-user",
            Timeout = 2,
        };
        await using var host = await DashboardHost.StartAsync(connection.ConnectionString);
        using var client = fixture.Client(new(Role: null));

        using var answer = await client.GetAsync(host.Urls.First() + DashboardHost.Main);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Contains("No connection to the database", text, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Database_ThatRefusesTheLogin_IsReportedWithoutTheConnectionString()
    {
        var connection = new NpgsqlConnectionStringBuilder(fixture.Cluster.ConnectionString(user: "s3cret-user"))
        {
            Password = "s3cret-password",
        };
        await using var host = await DashboardHost.StartAsync(connection.ConnectionString);
        using var client = fixture.Client(new(Role: null));

        using var answer = await client.GetAsync(host.Urls.First() + DashboardHost.Main);

        Assert.True((int)answer.StatusCode is >= 400 and < 600 and not 500, $"{answer.StatusCode}");
        Assert.DoesNotContain("s3cret-password", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
