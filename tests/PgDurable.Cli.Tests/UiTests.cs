using System.Net;

namespace PgDurable.Cli.Tests;

/// <summary><c>pgdurable ui</c>: who gets in, and what --read-only allows.</summary>
[Collection(ShopCollection.Name)]
public sealed class UiTests(Shop shop)
{
    [Fact]
    public async Task Ui_OpensOnlyWithTheLink_AndOnlyHere()
    {
        var role = await shop.RoleAsync();
        var run = await shop.Client(role).StartAsync(Df.WaitForSignal("go"));
        using var ui = Start(role);
        try
        {
            var link = new Uri((await ui.StandardOutput.ReadLineAsync())!);
            Assert.Equal("127.0.0.1", link.Host);
            using var client = new HttpClient { BaseAddress = link };

            using var stranger = await client.GetAsync("/");
            Assert.Equal(HttpStatusCode.Forbidden, stranger.StatusCode);
            // What a page of another site would send after its name has become this machine's.
            using var rebound = new HttpRequestMessage(HttpMethod.Get, link) { Headers = { Host = "example.com" } };
            using var answer = await client.SendAsync(rebound);
            Assert.Equal(HttpStatusCode.MisdirectedRequest, answer.StatusCode);

            // The link leaves its key in a cookie.
            Assert.Contains("<h1>Overview</h1>", await client.GetStringAsync(link));
            var page = await client.GetStringAsync($"/instances/{run.InstanceId}");
            Assert.Contains("It waits for signal", page);
            Assert.Contains($"action=\"/instances/{run.InstanceId}/cancel\"", page);
        }
        finally
        {
            ui.Kill();
        }
    }

    [Fact]
    public async Task Ui_ReadOnly_ChangesNothing()
    {
        var role = await shop.RoleAsync();
        var run = await shop.Client(role).StartAsync(Df.WaitForSignal("go"));
        using var ui = Start(role, "--read-only");
        try
        {
            var link = new Uri((await ui.StandardOutput.ReadLineAsync())!);
            using var client = new HttpClient { BaseAddress = link };
            await client.GetStringAsync(link);

            Assert.DoesNotContain("<form method=\"post\"", await client.GetStringAsync($"/instances/{run.InstanceId}"));
            using var answer = await client.PostAsync($"/instances/{run.InstanceId}/cancel", new FormUrlEncodedContent([]));
            Assert.False(answer.IsSuccessStatusCode);
            Assert.NotEqual(WorkflowStatus.Cancelled, await run.StatusAsync());
        }
        finally
        {
            ui.Kill();
        }
    }

    System.Diagnostics.Process Start(string role, params string[] more) => ToolRun.Start(
        new Dictionary<string, string> { ["PGDURABLE_CONNECTION"] = shop.Cluster.ConnectionString(user: role) }, ["ui", .. more]);
}
