using PgDurable.Dashboard.Tests.Fixtures;

namespace PgDurable.Dashboard.Tests;

/// <summary>The dashboard works wherever it was mapped, and never leads outside.</summary>
[Collection(DashboardCollection.Name)]
public sealed class PrefixTests(DashboardFixture fixture)
{
    // Everything that a browser could follow.
    private const string Targets =
        """
        () => [...document.querySelectorAll('[href], [src], [action], [formaction], [data-live]')]
            .flatMap(e => ['href', 'src', 'action', 'formaction', 'data-live'].map(name => e.getAttribute(name)))
            .filter(value => value !== null)
        """;

    [Theory]
    [InlineData(DashboardHost.Nested)]
    [InlineData("/prefix" + DashboardHost.Main)]
    [InlineData("/prefix" + DashboardHost.Nested)]
    public async Task Links_OfEveryScreen_StayInsideAndWork(string at)
    {
        var (tenant, seed) = await fixture.ShopAsync();
        await using var visit = await fixture.VisitAsync(tenant.Person);
        using var client = fixture.Client(tenant.Person);
        var followed = new HashSet<string>();
        foreach (var screen in seed.Screens)
        {
            await visit.OpenAsync(at + screen);
            foreach (var target in (await visit.Page.EvaluateAsync<string[]>(Targets)).Where(target => target[0] != '#'))
            {
                var isInside = target == at || (target.StartsWith(at, StringComparison.Ordinal) && target[at.Length] is '/' or '?');
                Assert.True(isInside, $"{screen}: {target}");
                followed.Add(target.Split('#')[0]);
            }
        }

        var actions = Form.All(seed).Select(action => at + action.Path).ToList();
        foreach (var target in followed.Where(target => !actions.Contains(target) && !IsAction(target)))
        {
            using var answer = await client.GetAsync(target);
            Assert.True(answer.IsSuccessStatusCode, $"{target}: {answer.StatusCode}");
        }

        // All forms were seen; of those of a schedule that runs, one is not there.
        Assert.All(actions.Where(action => action != at + "/schedules/resume"), action => Assert.Contains(action, followed));
    }

    [Theory]
    [InlineData(DashboardHost.Nested)]
    [InlineData("/prefix" + DashboardHost.Main)]
    public async Task Forms_OfAPrefix_LeadBack(string at)
    {
        var tenant = await fixture.TenantAsync();
        var id = await tenant.StartAsync("df.wait_for_signal('go')");
        await tenant.WaitingAsync(id, "SIGNAL");
        await using var visit = await fixture.VisitAsync(tenant.Person);
        await visit.OpenAsync($"{at}/instances/{id}");

        await visit.PressAsync("Pause");

        Assert.Equal($"{fixture.Address}{at}/instances/{id}", visit.Page.Url);
        Assert.Contains("It is paused", await visit.TextAsync(), StringComparison.Ordinal);
        await visit.PressAsync("Terminate");
        await visit.UntilAsync("#now", "cancelled");
    }

    private static bool IsAction(string target) =>
        target.Split('/')[^1] is "pause" or "resume" or "retry" or "tag" or "signal" or "cancel" or "terminate" or "fork";
}
