namespace PgDurable;

/// <summary>The statements that the client sends.</summary>
internal static class ClientSql
{
    // For this transaction, the trace of this start or none: that of an earlier start must not stay.
    private const string OfTrace = "CASE WHEN pg_catalog.set_config('df.traceparent', ";

    private const string StartCall =
        "df.start_graph(graph => $1, label => $2, database => $3, input => $4, idempotency_key => $5, start_at => $6, sources => $7)";

    private const string StartByNameCall =
        "df.start_workflow(name => $1, input => $2, label => $3, idempotency_key => $4, version => $5, start_at => $6)";

    private const string StartManyCall =
        "df.start_many(workflow => $1, inputs => $2, labels => $3, idempotency_keys => $4, version => $5, start_at => $6)";

    public const string Start = "SELECT " + OfTrace + "$8, true) IS NOT NULL THEN " + StartCall + " END";

    public const string StartWithTags = "SELECT " + OfTrace + "$8, true) IS NOT NULL THEN df.tag(" + StartCall + ", $9) END";

    public const string StartByName = "SELECT " + OfTrace + "$7, true) IS NOT NULL THEN " + StartByNameCall + " END";

    public const string StartByNameWithTags = "SELECT " + OfTrace + "$7, true) IS NOT NULL THEN df.tag(" + StartByNameCall + ", $8) END";

    public const string StartMany = "SELECT " + OfTrace + "$7, true) IS NOT NULL THEN " + StartManyCall + " END";

    // NULL is no tags.
    public const string StartManyWithTags =
        "SELECT " + OfTrace + "$7, true) IS NOT NULL THEN ARRAY(SELECT df.tag(s.id, s.tags) " +
        "FROM ROWS FROM (pg_catalog.unnest(" + StartManyCall + "), pg_catalog.unnest($8)) WITH ORDINALITY s (id, tags, place) " +
        "ORDER BY s.place) END";

    // The three values are read in one snapshot, so they are consistent.
    public const string Look = "SELECT df.status($1), df.result($1), df.error($1)";

    public const string Status = "SELECT df.status($1)";

    public const string State = "SELECT df.state($1)::pg_catalog.text";

    public const string Signal = "SELECT df.signal($1, $2, $3)";

    public const string Cancel = "SELECT df.cancel($1, $2)";

    public const string CancelWithDefaultReason = "SELECT df.cancel($1)";

    public const string Terminate = "SELECT df.terminate($1, $2)";

    public const string TerminateWithDefaultReason = "SELECT df.terminate($1)";

    public const string Pause = "SELECT df.pause($1)";

    public const string Resume = "SELECT df.resume($1)";

    public const string Retry = "SELECT df.retry_instance($1)";

    public const string Bulk =
        "SELECT df.bulk(action => $1, query => $2, reason => $3, signal_name => $4, signal_data => $5, batch_size => $6)";

    public const string BulkPreview = "SELECT p.matches, p.acted_on, p.capped FROM df.bulk_preview($1, $2) p";

    public const string Fork = "SELECT df.fork($1, $2, $3, $4)";

    public const string Migrate = "SELECT m.id, m.moved, m.reason FROM df.migrate_instances($1, $2, $3, $4) m";

    public const string Explain = "SELECT df.explain($1) WHERE df.status($1) IS NOT NULL";

    public const string Listen = "LISTEN df_ended";

    public const string Unlisten = "UNLISTEN df_ended";

    public const string Watch = "SELECT df.watch($1)";

    // The cursor is needed even if the filters exclude every instance of the page.
    public const string List =
        "SELECT l.next_cursor, i.id, i.label, i.workflow, i.workflow_version, i.status, i.submitted_by::pg_catalog.text, i.database, " +
        "i.created_at, i.started_at, i.ended_at, l.output " +
        "FROM df.list_instances($1, $2, $3, $4) WITH ORDINALITY l " +
        "LEFT JOIN df.instances i ON i.id OPERATOR(pg_catalog.=) l.instance_id AND ($5 IS NULL OR i.workflow OPERATOR(pg_catalog.=) $5) " +
        "AND ($6 IS NULL OR i.created_at OPERATOR(pg_catalog.>=) $6) AND ($7 IS NULL OR i.created_at OPERATOR(pg_catalog.<) $7) " +
        "ORDER BY l.ordinality";

    public const string Search =
        "SELECT l.next_cursor, i.id, i.label, i.workflow, i.workflow_version, i.status, i.submitted_by::pg_catalog.text, i.database, " +
        "i.created_at, i.started_at, i.ended_at, (SELECT o.output FROM df.instance_info(i.id) o) " +
        "FROM df.search($1, $2, $3) WITH ORDINALITY l JOIN df.instances i ON i.id OPERATOR(pg_catalog.=) l.id ORDER BY l.ordinality";

    public const string Why = "SELECT df.why($1) WHERE df.status($1) IS NOT NULL";

    public const string Info =
        "SELECT NULL, i.id, i.label, i.workflow, i.workflow_version, i.status, i.submitted_by::pg_catalog.text, i.database, " +
        "i.created_at, i.started_at, i.ended_at, (SELECT o.output FROM df.instance_info($1) o) FROM df.instances i " +
        "WHERE i.id OPERATOR(pg_catalog.=) $1";

    public const string History =
        "SELECT h.node, h.step, h.path, h.iteration, h.attempt, h.status, h.started_at, h.finished_at, h.rows, h.error, h.worker, " +
        "pg_catalog.to_jsonb(h) OPERATOR(pg_catalog.->>) 'source' FROM df.history($1) WITH ORDINALITY h ORDER BY h.ordinality";

    // Ages are computed by the server's clock, because this machine's clock may differ.
    public const string Health =
        "SELECT h.version, h.workers, h.checked_at OPERATOR(pg_catalog.-) h.worker_seen_at, h.due, " +
        "h.checked_at OPERATOR(pg_catalog.-) h.due_since, h.tasks_waiting, " +
        "h.checked_at OPERATOR(pg_catalog.-) h.tasks_waiting_since FROM df.health() h";
}
