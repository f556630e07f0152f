using Npgsql;

namespace PgDurable.Doctor;

/// <summary>The tasks of one activity in one queue, if some of them need attention.</summary>
/// <param name="Name">The activity's name.</param>
/// <param name="Queue">The queue.</param>
/// <param name="Late">The number of tasks that nobody has claimed for more than a minute.</param>
/// <param name="WaitingFor">How long the oldest of them has been waiting; zero if there are none.</param>
/// <param name="Running">The number of tasks that somebody has claimed.</param>
/// <param name="Redelivered">The number of tasks that were claimed <see cref="ManyDeliveries"/> times or more.</param>
/// <param name="RedeliveredOf">Their instances: up to ten.</param>
internal sealed record ActivityTasks(
    string Name, string Queue, long Late, TimeSpan WaitingFor, long Running, long Redelivered, string[] RedeliveredOf)
{
    /// <summary>One process may die by chance; a task that takes three with it probably kills them.</summary>
    public const int ManyDeliveries = 3;

    private const string Question =
        """
        SELECT * FROM (
            SELECT t.name, t.queue,
                   pg_catalog.count(*) FILTER (WHERE t.waiting_since OPERATOR(pg_catalog.<)
                       (pg_catalog.statement_timestamp() OPERATOR(pg_catalog.-) INTERVAL '1 minute')) AS late,
                   COALESCE(pg_catalog.statement_timestamp() OPERATOR(pg_catalog.-) pg_catalog.min(t.waiting_since), INTERVAL '0'),
                   pg_catalog.count(*) FILTER (WHERE t.status OPERATOR(pg_catalog.=) 'running'),
                   pg_catalog.count(*) FILTER (WHERE t.delivery OPERATOR(pg_catalog.>=) $1) AS redelivered,
                   (pg_catalog.array_agg(t.instance_id ORDER BY t.task) FILTER (WHERE t.delivery OPERATOR(pg_catalog.>=) $1))[1:10]
              FROM df.tasks t
             WHERE t.status OPERATOR(pg_catalog.=) ANY (ARRAY['waiting', 'running'])
             GROUP BY t.name, t.queue) a
         WHERE a.late OPERATOR(pg_catalog.>) 0 OR a.redelivered OPERATOR(pg_catalog.>) 0
         ORDER BY a.late DESC, a.name, a.queue
         LIMIT 20
        """;

    /// <summary>The activity, and its queue if it isn't the default one.</summary>
    public string Title => Queue == "default" ? Name : $"{Name} (queue {Queue})";

    public static async Task<IReadOnlyList<ActivityTasks>> ReadAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var all = new List<ActivityTasks>();
        await using var command = new NpgsqlCommand(Question, connection) { Parameters = { new() { Value = ManyDeliveries } } };
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            all.Add(new(
                reader.GetString(0), reader.GetString(1), reader.GetInt64(2), reader.GetTimeSpan(3), reader.GetInt64(4),
                reader.GetInt64(5), reader.IsDBNull(6) ? [] : reader.GetFieldValue<string[]>(6)));
        }

        return all;
    }
}
