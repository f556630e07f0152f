// What the fuzz test edits; it is not compiled with the tests.
using PgDurable;

namespace Samples;

/// <summary>Waits a day for a human, then commits or rejects.</summary>
[Workflow("order-approval")]
public sealed partial class OrderApproval : IWorkflow<OrderApproval.Input, OrderApproval.Decision>
{
    public sealed record Input(long OrderId);
    public sealed record Order(long OrderId, decimal Total, string? Note);
    public sealed record Approval(bool Approved, string Approver);
    public sealed record Decision(string Status);

    public static Flow<Decision> Define(Flow flow, Input input) => flow
        // {input.OrderId} → $input.order_id; the row is captured as $order
        .QuerySingle<Order>($"SELECT order_id, total, note FROM orders WHERE order_id = {input.OrderId}", out var order)
        .WaitForSignal<Approval>("approval", TimeSpan.FromHours(24), out var approval)
        // a C# condition over results becomes a SQL condition; `timed_out` is a property, not a string to remember
        .If(!approval.TimedOut && approval.Data.Approved && order.Total < 10_000m,
            then: f => f.QuerySingle<Decision>($"UPDATE orders SET status = 'approved' WHERE order_id = {order.OrderId} RETURNING status"),
            otherwise: f => f.QuerySingle<Decision>(
                // string? → null-safe $order.note?
                $"UPDATE orders SET status = 'rejected', note = coalesce({order.Note}, 'timed out') WHERE order_id = {order.OrderId} RETURNING status"));
}

/// <summary>Vector embedding pipeline: batch, call an embedding API for each row in parallel, write the vectors back.</summary>
[Workflow("embed-chunks")]
public sealed partial class EmbedChunks : IWorkflow<EmbedChunks.Input>
{
    public sealed record Input(string Url, string Model, int BatchSize);
    public sealed record Chunk(long Id, string Content);
    public sealed record Reply(Reply.Item[] Data) { public sealed record Item(float[] Embedding); }

    public static Flow Define(Flow flow, Input input) => flow.Forever(round => round
        .Query<Chunk>($"SELECT id, content FROM chunks WHERE embedding IS NULL ORDER BY id LIMIT {input.BatchSize}", out var batch)
        .If(batch.Any,
            then: f => f.ForEach(batch, maxParallel: 8, body: (item, chunk) => item
                // an anonymous object is the JSON body: values are encoded, so a quote in a chunk can't break it
                .HttpPost<Reply>($"{input.Url}/embeddings", json: new { model = input.Model, input = chunk.Content }, out var reply,
                    retry: new Retry(5) { Delay = TimeSpan.FromSeconds(2), MaxDelay = TimeSpan.FromMinutes(1) })
                // a typed path into the reply's JSON
                .Execute($"UPDATE chunks SET embedding = {reply.Json.Data[0].Embedding}::vector WHERE id = {chunk.Id}")),
            otherwise: f => f.WaitForSchedule("*/5 * * * *")));
}

/// <summary>Ingest: stage, deduplicate, transform, publish; a failed publish is undone and reported.</summary>
[Workflow("ingest-batch", Version = 2)]
public sealed partial class IngestBatch : IWorkflow<IngestBatch.Input>
{
    public sealed record Input(long BatchId);
    public sealed record Counted(long Count);

    public static Flow Define(Flow flow, Input input) => flow
        .Execute($"INSERT INTO staging SELECT * FROM inbox WHERE batch_id = {input.BatchId}")
            .Compensate(f => f.Execute($"DELETE FROM staging WHERE batch_id = {input.BatchId}"))
        .Execute($"DELETE FROM staging a USING staging b WHERE a.batch_id = {input.BatchId} AND a.key = b.key AND a.ctid > b.ctid")
        .QuerySingle<Counted>($"SELECT count(*) AS count FROM staging WHERE batch_id = {input.BatchId}", out var staged)
        .If(staged.Count == 0, then: f => f.Fail($"batch {input.BatchId} is empty"))
        .Try(
            body: f => f.Execute($"INSERT INTO published SELECT key, upper(value) FROM staging WHERE batch_id = {input.BatchId}",
                retry: new Retry(3) { Delay = TimeSpan.FromSeconds(1) }, timeout: TimeSpan.FromMinutes(10)),
            onError: (f, error) => f.Execute($"INSERT INTO ingest_errors VALUES ({input.BatchId}, {error.SqlState}, {error.Message})"));
}

/// <summary>Scheduled maintenance: detect bloat, ask, act.</summary>
[Workflow("bloat-watch")]
public sealed partial class BloatWatch : IWorkflow<BloatWatch.Input>
{
    public sealed record Input(string Webhook);
    public sealed record Table(string Name, long DeadTuples);
    public sealed record Approval(bool Approved);

    public static Flow Define(Flow flow, Input input) => flow.Forever(week => week
        .WaitForSchedule("0 9 * * 1-5", timeZone: "Europe/Paris")
        .Query<Table>($"SELECT relid::regclass::text AS name, n_dead_tup AS dead_tuples FROM pg_stat_user_tables WHERE n_dead_tup > 10000", out var bloated)
        .If(bloated.Any, then: f => f
            .HttpPost($"{input.Webhook}", json: new { text = $"{bloated.Count} bloated tables" })
            .WaitForSignal<Approval>("go", TimeSpan.FromHours(8), out var go)
            .If(!go.TimedOut && go.Data.Approved, then: g => g
                .ForEach(bloated, (t, table) => t.Execute($"SELECT maintenance.vacuum_table({table.Name})")))));
}

/// <summary>Fan-out aggregation: independent queries side by side, then one write.</summary>
[Workflow("daily-totals")]
public sealed partial class DailyTotals : IWorkflow<DailyTotals.Input>
{
    public sealed record Input(DateOnly Day);
    public sealed record Total(long Count);

    public static Flow Define(Flow flow, Input input) => flow
        .Parallel(
            a => a.QuerySingle<Total>($"SELECT count(*) AS count FROM users WHERE created_on = {input.Day}"),
            b => b.QuerySingle<Total>($"SELECT count(*) AS count FROM orders WHERE created_on = {input.Day}"),
            out var users, out var orders)
        .Execute($"INSERT INTO daily_totals VALUES ({input.Day}, {users.Count}, {orders.Count})");
}
