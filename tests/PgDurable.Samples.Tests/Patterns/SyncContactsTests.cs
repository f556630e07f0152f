using Patterns;
using PgDurable.Testing;

namespace PgDurable.Samples.Tests.Patterns;

public sealed class SyncContactsTests
{
    [Fact]
    public async Task Contacts_ServerAsksForAPause_PausesAndGoesOn()
    {
        var refused = 0;
        var result = await Contacts()
            .Http(request => request.Url.EndsWith("/contacts/2", StringComparison.Ordinal) && refused++ == 0
                ? HttpReply.Status(429) with { Headers = new Dictionary<string, string> { ["Retry-After"] = "900" } }
                : HttpReply.Status(204))
            .RunAsync();

        Assert.Equal(3, result.ShouldComplete().Output.Count);
        Assert.Equal(TimeSpan.FromMinutes(15), result.Elapsed);
        Assert.Equal(3, result.Executed.Count(step => step.Sql.StartsWith("UPDATE patterns.contacts", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Contacts_ServerRefusesOne_Fails()
    {
        var result = await Contacts()
            .Http(request => HttpReply.Status(request.Url.EndsWith("/contacts/2", StringComparison.Ordinal) ? 400 : 204))
            .RunAsync();

        Assert.Contains("the CRM refused contact 2 with status 400", result.ShouldFail("DF006").Error?.Message);
    }

    private static WorkflowTest<SyncContacts.Synced> Contacts() =>
        WorkflowTest.For<SyncContacts, SyncContacts.Input, SyncContacts.Synced>(new("https://crm.example.com"))
            .Rows("changed", [.. Enumerable.Range(1, 3).Select(i =>
                new SyncContacts.Contact(i, $"name {i}", $"{i}@example.com", Revision: 4))])
            .AnswerWrites();
}
