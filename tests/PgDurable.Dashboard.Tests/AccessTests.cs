using System.Net;
using PgDurable.Dashboard.Tests.Fixtures;

namespace PgDurable.Dashboard.Tests;

/// <summary>Who gets in, who may act, and who sees values.</summary>
[Collection(DashboardCollection.Name)]
public sealed class AccessTests(DashboardFixture fixture)
{
    [Theory]
    [InlineData("")]
    [InlineData("/instances")]
    [InlineData("/instances/0f3a9c21/value?of=input")]
    public async Task Dashboard_WithoutAuthorizationOutsideDevelopment_IsClosedAndSaysWhy(string path)
    {
        using var client = fixture.Client(new("postgres"));

        using var answer = await client.GetAsync(DashboardHost.Closed + path);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Contains("app.MapPgDurable(\"/durable\").RequireAuthorization(\"ops\");", text, StringComparison.Ordinal);
        Assert.DoesNotContain("<", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Action_OfAClosedDashboard_IsRefused()
    {
        var (tenant, seed) = await fixture.ShopAsync();
        using var client = fixture.Client(tenant.Person);

        using var answer = await client.PostAsync($"{DashboardHost.Closed}/instances/{seed.Waiting}/cancel", new FormUrlEncodedContent([]));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal("running", await tenant.StatusAsync(seed.Waiting));
    }

    [Fact]
    public async Task Dashboard_RequiresAuthorization_LetsInWhoIsSignedIn()
    {
        using var stranger = new HttpClient { BaseAddress = new(fixture.Address) };
        using var refused = await stranger.GetAsync(DashboardHost.Main);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);

        var (tenant, _) = await fixture.ShopAsync();
        await using var visit = await fixture.VisitAsync(tenant.Person);
        await visit.OpenAsync(DashboardHost.Main);
    }

    [Fact]
    public async Task Person_WhoMayNotOperate_SeesNoFormAndCannotAct()
    {
        var (tenant, seed) = await fixture.ShopAsync();
        var person = tenant.Person with { MayNot = "operate" };
        await using var visit = await fixture.VisitAsync(person);
        foreach (var screen in seed.Screens)
        {
            await visit.OpenAsync(DashboardHost.Main + screen);
            Assert.Equal(0, await visit.Page.Locator("form[method=post], button:not([role=search] button)").CountAsync());
            Assert.Equal(0, await visit.Page.Locator("input[data-token]").CountAsync());
        }

        // The same person had the right when the page was opened.
        using var client = fixture.Client(tenant.Person);
        var token = await Form.TokenAsync(client, $"{DashboardHost.Main}/instances/{seed.Waiting}");
        client.DefaultRequestHeaders.Remove("test-may-not");
        client.DefaultRequestHeaders.Add("test-may-not", "operate");
        var before = await StateAsync(tenant);
        foreach (var (path, fields) in Form.All(seed))
        {
            using var answer = await client.PostAsync(DashboardHost.Main + path, Form.With(token, fields));
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            Assert.Contains("You may look, but not act.", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.Equal(before, await StateAsync(tenant));
    }

    [Fact]
    public async Task Form_WithoutOrWithAWrongToken_IsRefusedAndChangesNothing()
    {
        var (tenant, seed) = await fixture.ShopAsync();
        using var client = fixture.Client(tenant.Person);
        using var other = fixture.Client(tenant.Person with { Name = "berta" });
        var token = await Form.TokenAsync(client, $"{DashboardHost.Main}/instances/{seed.Waiting}");
        var before = await StateAsync(tenant);
        foreach (var (path, fields) in Form.All(seed))
        {
            // None, one that is wrong, and those of somebody else.
            var others = await Form.TokenAsync(other, DashboardHost.Main + "/schedules");
            foreach (var each in (string?[])[null, "", token[..^4] + "AAAA", others])
            {
                using var answer = await client.PostAsync(DashboardHost.Main + path, Form.With(each, fields));
                Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
                Assert.Contains("Nothing was changed.", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            }
        }

        Assert.Equal(before, await StateAsync(tenant));
    }

    [Fact]
    public async Task Person_WhoMayNotSeeValues_FindsThemNowhere()
    {
        const string secret = "4111-secret";
        var tenant = await fixture.TenantAsync();
        await tenant.TextAsync("SELECT df.register_workflow('inner', 'SELECT $input.card AS card')::text");
        var completed = await tenant.StartAsync(
            """
            'SELECT df.publish($sys_instance_id, jsonb_build_object(''card'', $input.card))'
                ~> df.call('inner', '{"card": "$input.card"}') ~> ('SELECT $input.card AS card' |=> 'card') ~> 'SELECT $card.card AS again'
            """,
            input: $$"""{"card": "{{secret}}"}""");
        var failed = await tenant.StartAsync(
            "'SELECT 1 / (length($input.card) - 11) AS n'", input: $$"""{"card": "{{secret}}"}""");
        var waiting = await tenant.StartAsync(
            "df.activity('charge', '{\"card\": \"$input.card\"}')", input: $$"""{"card": "{{secret}}"}""");
        await tenant.EndAsync(completed, "completed");
        await tenant.EndAsync(failed, "failed");
        await tenant.WaitingAsync(waiting, "ACTIVITY");

        var allowed = await ContentAsync(tenant.Person);
        Assert.Contains(secret, allowed[$"/instances/{completed}"], StringComparison.Ordinal);
        Assert.Contains(secret, allowed[$"/instances/{failed}"], StringComparison.Ordinal);
        Assert.Contains("SQL as it ran", allowed[$"/instances/{failed}"], StringComparison.Ordinal);

        var person = tenant.Person with { MayNot = "payload" };
        Assert.All(await ContentAsync(person), page => Assert.DoesNotContain(secret, page.Value, StringComparison.Ordinal));

        using var client = fixture.Client(person);
        foreach (var of in (string[])["input", "output", "state"])
        {
            using var answer = await client.GetAsync($"{DashboardHost.Main}/instances/{completed}/value?of={of}");
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }

        using var file = await fixture.Client(tenant.Person).GetAsync($"{DashboardHost.Main}/instances/{completed}/value?of=input");
        Assert.Contains(secret, await file.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("attachment", file.Content.Headers.ContentDisposition?.DispositionType);

        async Task<Dictionary<string, string>> ContentAsync(Person who)
        {
            using var reader = fixture.Client(who);
            var pages = new Dictionary<string, string>();
            foreach (var path in (string[])["", "/instances", .. new[] { completed, failed, waiting }.Select(id => $"/instances/{id}"),
                "/failures", "/workflows", "/activities", "/audit"])
            {
                pages[path] = await reader.GetStringAsync(DashboardHost.Main + path);
                pages["live " + path] = await FirstEventAsync(reader, path);
            }

            return pages;
        }
    }

    // What a page that is already open gets.
    private static async Task<string> FirstEventAsync(HttpClient client, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, DashboardHost.Main + path);
        request.Headers.Add("Accept", "text/event-stream");
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var lines = new List<string>();
        while (await reader.ReadLineAsync(limit.Token) is { Length: > 0 } line)
            lines.Add(line);
        Assert.Contains(lines, line => line.Contains("</html>", StringComparison.Ordinal));
        return string.Join('\n', lines);
    }

    // Everything that an action could change.
    private static Task<string> StateAsync(Tenant tenant) => tenant.TextAsync(
        """
        SELECT concat_ws(' ', (SELECT string_agg(i.id || i.status || df.tags_of(i.id), ',' ORDER BY i.id) FROM df.instances i),
            (SELECT count(*) FROM df.pauses), (SELECT count(*) FROM df.signals), (SELECT bool_or(paused) FROM df.schedules),
            (SELECT count(*) FROM df.audit))
        """);
}
