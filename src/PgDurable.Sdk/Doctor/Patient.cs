using Npgsql;

namespace PgDurable.Doctor;

/// <summary>What the database reports about its state.</summary>
internal sealed record Patient(
    string SchemaVersion,
    bool HasExtension,
    bool IsLoaded,
    long Workers,
    TimeSpan? SilentFor,
    DateTimeOffset ServerTime,
    TimeSpan RoundTrip,
    DateTimeOffset LocalTime,
    long Due,
    TimeSpan? DueFor,
    string[] Stuck,
    string[] Restored,
    string[] Paused,
    string[] Failed)
{
    private const string Questions =
        """
        SELECT h.version,
               EXISTS (SELECT FROM pg_catalog.pg_extension e WHERE e.extname OPERATOR(pg_catalog.=) 'pg_durable'),
               EXISTS (SELECT FROM pg_catalog.pg_settings s
                        WHERE s.name OPERATOR(pg_catalog.=) 'pg_durable.database' AND s.context OPERATOR(pg_catalog.<>) 'user'),
               h.workers, h.checked_at OPERATOR(pg_catalog.-) h.worker_seen_at, h.checked_at, h.due,
               h.checked_at OPERATOR(pg_catalog.-) h.due_since,
               ARRAY(SELECT s.id
                       FROM df.queue q JOIN df.submissions s ON s.instance_no OPERATOR(pg_catalog.=) q.instance_no
                      WHERE q.worker_id OPERATOR(pg_catalog.>) 0
                        AND GREATEST(q.started_at, (SELECT pg_catalog.max(c.finished_at)
                                                      FROM df.checkpoints c WHERE c.instance_no OPERATOR(pg_catalog.=) q.instance_no))
                            OPERATOR(pg_catalog.<) (h.checked_at OPERATOR(pg_catalog.-) INTERVAL '1 hour')
                      ORDER BY q.started_at LIMIT 100),
               ARRAY(SELECT s.id FROM df.queue q JOIN df.submissions s ON s.instance_no OPERATOR(pg_catalog.=) q.instance_no
                      WHERE q.worker_id OPERATOR(pg_catalog.=) 0 ORDER BY s.instance_no LIMIT 100),
               ARRAY(SELECT s.id FROM df.pauses p JOIN df.submissions s ON s.instance_no OPERATOR(pg_catalog.=) p.instance_no
                      WHERE p.paused_at OPERATOR(pg_catalog.<) (h.checked_at OPERATOR(pg_catalog.-) INTERVAL '1 day')
                      ORDER BY p.paused_at LIMIT 100),
               ARRAY(SELECT s.id FROM df.outcomes o JOIN df.submissions s ON s.instance_no OPERATOR(pg_catalog.=) o.instance_no
                      WHERE o.status OPERATOR(pg_catalog.=) 'failed' AND o.status OPERATOR(pg_catalog.<>) 'completed'
                        AND o.completed_at OPERATOR(pg_catalog.>) (h.checked_at OPERATOR(pg_catalog.-) INTERVAL '1 day')
                      ORDER BY o.completed_at DESC LIMIT 100)
          FROM df.health() h
        """;

    public static async Task<Patient> AskAsync(NpgsqlConnection connection, TimeProvider time, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Questions, connection);
        var asked = time.GetTimestamp();
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return new(
            reader.GetString(0), reader.GetBoolean(1), reader.GetBoolean(2), reader.GetInt64(3),
            reader.IsDBNull(4) ? null : reader.GetTimeSpan(4),
            reader.GetFieldValue<DateTimeOffset>(5), time.GetElapsedTime(asked), time.GetUtcNow(), reader.GetInt64(6),
            reader.IsDBNull(7) ? null : reader.GetTimeSpan(7), reader.GetFieldValue<string[]>(8), reader.GetFieldValue<string[]>(9),
            reader.GetFieldValue<string[]>(10), reader.GetFieldValue<string[]>(11));
    }
}
