using PgDurable;

namespace Patterns;

/// <summary>Copies changed contacts to another system, and slows down when that system says that it is too fast.</summary>
[Workflow("sync-contacts")]
public sealed partial class SyncContacts : IWorkflow<SyncContacts.Input, SyncContacts.Synced>
{
    public sealed record Input(string Crm);
    public sealed record Contact(long Id, string Name, string Email, int Revision);
    public sealed record Synced(long Count);

    public static Flow<Synced> Define(Flow flow, Input input) => flow
        .Query<Contact>("SELECT id, name, email, revision FROM patterns.contacts WHERE revision > synced_revision ORDER BY id",
            out var changed)
        .ForEach(changed, (f, contact) => f
            // After a 429, wait as long as the server asks.
            .HttpPut<object>($"{input.Crm}/contacts/{contact.Id}", json: new { name = contact.Name, email = contact.Email }, out var reply,
                retry: new Retry(10) { RetryAfter = true, MaxDelay = TimeSpan.FromHours(1) })
            .If(!reply.Ok, then: g => g.Fail($"the CRM refused contact {contact.Id} with status {reply.Status}"))
            .Execute($"UPDATE patterns.contacts SET synced_revision = {contact.Revision} WHERE id = {contact.Id}"), maxParallel: 2)
        .QuerySingle<Synced>($"SELECT {changed.Count} AS count");
}
