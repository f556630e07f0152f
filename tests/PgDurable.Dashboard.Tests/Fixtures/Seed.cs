namespace PgDurable.Dashboard.Tests.Fixtures;

/// <summary>Something of everything that the dashboard shows, all of one role and with one text wherever a user can write one.</summary>
/// <param name="Text">The text.</param>
/// <param name="Completed">An instance that called another one, and has everything that an instance can have.</param>
/// <param name="Child">The one that it called.</param>
/// <param name="Failed">An instance that failed.</param>
/// <param name="Waiting">An instance that waits for two signals.</param>
/// <param name="Paused">An instance that is paused.</param>
internal sealed record Seed(string Text, string Completed, string Child, string Failed, string Waiting, string Paused)
{
    /// <summary>The paths of the screens, below the dashboard.</summary>
    public IEnumerable<string> Screens =>
    [
        "", "/instances", $"/instances?q={Uri.EscapeDataString($"customer:{Quoted}")}", .. Instances.Select(id => $"/instances/{id}"),
        "/failures", "/workflows", $"/workflow?name={Name}", $"/workflow?name={Name}&version=2&against=1", "/schedules", "/activities",
        "/workers", "/audit", $"/bulk?action=Signal&q={Uri.EscapeDataString($"customer:{Quoted}")}",
    ];

    public IEnumerable<string> Instances => [Completed, Child, Failed, Waiting, Paused];

    private string Name => Uri.EscapeDataString(Text);

    private string Quoted => $"\"{Text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public static async Task<Seed> MakeAsync(Tenant tenant, string text)
    {
        var json = System.Text.Json.JsonSerializer.Serialize(new { note = text });
        await tenant.TextAsync("SELECT df.register_workflow($1, 'SELECT 1 AS n', description => 'the first')::text", text);
        await tenant.TextAsync(
            """
            SELECT df.register_workflow($1,
                '/* ' || $2 || ' */ SELECT $input.order_id?::bigint AS n, $input.note? AS note' |=> 'order', description => $1)::text
            """,
            text, text.Replace("$", "", StringComparison.Ordinal));
        await tenant.TextAsync("SELECT df.schedule($1, '0 3 * * MON-FRI', $1)", text);

        var completed = await tenant.StartAsync(
            $"""
            {Literal($"SELECT df.publish($sys_instance_id, jsonb_build_object('note', {Literal(text)}))")}
                ~> df.call({Literal(text)}, {Literal(json)}) ~> ({Literal($"SELECT {Literal(text)} AS note")} |=> 'last')
            """,
            text, json, text);
        await tenant.TextAsync("SELECT df.tag($1, 'customer', $2)", completed, text);
        await tenant.EndAsync(completed, "completed");
        var child = await tenant.TextAsync(
            "SELECT c.id::text FROM df.submissions c JOIN df.submissions p ON c.parent_no = p.instance_no WHERE p.id = $1", completed);

        var failed = await tenant.StartAsync($"df.fail({Literal(text.Replace("$", "", StringComparison.Ordinal))}, 'S0001')", text);
        await tenant.EndAsync(failed, "failed");

        var waiting = await tenant.StartAsync(
            $"""
            (df.wait_for_signal('approval') |=> 'approval') ~> df.wait_for_signal({Literal(text)})
                ~> 'SELECT ($approval.data?::jsonb ->> ''approved'')::boolean AS a, ($approval.data?::jsonb ->> ''amount'')::numeric AS b'
            """,
            text);
        await tenant.WaitingAsync(waiting, "SIGNAL");
        var paused = await tenant.StartAsync("df.sleep(86400)", text);
        await tenant.WaitingAsync(paused, "SLEEP");
        await tenant.TextAsync("SELECT df.pause($1)", paused);
        var task = await tenant.StartAsync($"df.activity({Literal(text)})", text);
        await tenant.WaitingAsync(task, "ACTIVITY");
        return new(text, completed, child, failed, waiting, paused);
    }

    private static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
