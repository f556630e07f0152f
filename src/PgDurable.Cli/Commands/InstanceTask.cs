using System.Globalization;
using Npgsql;
using PgDurable.Doctor;

namespace PgDurable.Cli.Commands;

/// <summary>A task that an instance waits for.</summary>
/// <param name="Node">The node, as in <c>df.nodes</c>.</param>
/// <param name="Path">The iterations, attempts and items that the node is in.</param>
/// <param name="Activity">The activity's name.</param>
/// <param name="Queue">The queue.</param>
/// <param name="Status">waiting, running, delayed, held or ended.</param>
/// <param name="Since">Since when it has waited or run.</param>
/// <param name="ClaimedBy">The role that runs it, or null if nobody does.</param>
/// <param name="LeaseUntil">When it is due again, if it is running or delayed.</param>
/// <param name="Attempt">The attempt of the retry around the node.</param>
/// <param name="Delivery">How often this attempt was claimed.</param>
/// <param name="Deadline">When the step's time is up, or null if it has no time limit.</param>
/// <param name="Progress">What its process reported, as JSON, or null.</param>
internal sealed record InstanceTask(
    string Node, string Path, string Activity, string Queue, string Status, DateTimeOffset Since, string? ClaimedBy,
    DateTimeOffset? LeaseUntil, int Attempt, int Delivery, DateTimeOffset? Deadline, string? Progress)
{
    private const int Shown = 20;

    private const string Question =
        """
        SELECT t.node, t.path, t.name, t.queue, t.status,
               CASE t.status WHEN 'running' THEN t.claimed_at ELSE COALESCE(t.waiting_since, t.created_at) END,
               CASE t.status WHEN 'running' THEN t.claimed_by::pg_catalog.text END,
               CASE WHEN t.status OPERATOR(pg_catalog.=) ANY (ARRAY['running', 'delayed']) THEN t.lease_until END,
               t.attempt, t.delivery, t.deadline, t.progress::pg_catalog.text
          FROM df.tasks t WHERE t.instance_id OPERATOR(pg_catalog.=) $1 ORDER BY t.task
        """;

    public static async Task<IReadOnlyList<InstanceTask>> ReadAsync(NpgsqlDataSource dataSource, string instanceId, CancellationToken ct)
    {
        var all = new List<InstanceTask>();
        await using var command = dataSource.CreateCommand(Question);
        command.Parameters.Add(new() { Value = instanceId });
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            all.Add(new(
                reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4),
                reader.GetFieldValue<DateTimeOffset>(5), Text(6), Time(7), reader.GetInt32(8), reader.GetInt32(9), Time(10), Text(11)));
        }

        return all;

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
        DateTimeOffset? Time(int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);
    }

    public static void Show(Output output, IReadOnlyList<InstanceTask> all)
    {
        if (all.Count == 0)
            return;
        output.WriteLine();
        output.WriteTable(
            ["task", "queue", "status", "since", "claimed by", "lease until", "attempt", "delivery", "progress"],
            all.Take(Shown).Select(each => new[]
            {
                each.Activity, each.Queue, each.Status, Lines.Time(each.Since), each.ClaimedBy, Lines.Time(each.LeaseUntil),
                each.Attempt.ToString(CultureInfo.InvariantCulture), each.Delivery.ToString(CultureInfo.InvariantCulture),
                Lines.Cut(each.Progress, 60),
            }));
        if (all.Count > Shown)
            output.WriteLine($"… and {Lines.Count(all.Count - Shown, "more task")}");
    }
}
