using System.Text.Json.Nodes;
using Samples;

namespace PgDurable.Worker.Tests.GraphEquality;

/// <summary>
/// The graphs of the samples: what the generator wrote, what PostgreSQL composes of the SQL text, and what the algebra composes are one.
/// </summary>
[Collection(WorkerCollection.Name)]
public sealed class SampleTests(WorkerFixture fixture)
{
    public static TheoryData<string> Names => [.. Samples().Select(sample => sample.Definition.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Graph_OfASample_IsTheSameThroughEveryDoor(string name)
    {
        var (definition, node) = Samples().Single(sample => sample.Definition.Name == name);

        Assert.Equal(node.ToJson(), definition.GraphJson);
        Assert.Equal(definition.GraphJson, await fixture.Cluster.ScalarAsync<string>($"SELECT {definition.SqlText}"));
        Assert.Equal(
            ((DfNode)definition.GraphJson).Explain(),
            await fixture.Cluster.ScalarAsync<string>($"SELECT df.explain({TestUser.Literal(definition.GraphJson)})"));
        Assert.All(definition.Sources, source => Assert.Matches(@"^Workflows\.cs:\d+$", source));
    }

    private static (WorkflowDefinition Definition, DfNode Node)[] Samples() =>
    [
        (OrderApproval.Definition,
            Df.Sql("SELECT order_id, total, note FROM orders WHERE order_id = $input.order_id").As("order")
                .Then(Df.WaitForSignal("approval", 86400).As("approval"))
                .Then(Df.If(
                    "SELECT ((NOT $approval.timed_out::boolean) AND ($approval.data?::jsonb ->> 'approved')::boolean) "
                        + "AND ($order.total < 10000)",
                    "UPDATE orders SET status = 'approved' WHERE order_id = $order.order_id RETURNING status",
                    "UPDATE orders SET status = 'rejected', note = coalesce($order.note?, 'timed out') WHERE order_id = $order.order_id "
                        + "RETURNING status"))),
        (EmbedChunks.Definition,
            Df.Loop(
                Df.Sql("SELECT id, content FROM chunks WHERE embedding IS NULL ORDER BY id LIMIT $input.batch_size").As("batch")
                    .Then(Df.IfRows(
                        "batch",
                        Df.ForEach(
                            "batch",
                            Df.Retry(
                                Df.HttpJson(
                                    "$input.url/embeddings",
                                    body: new JsonObject { ["model"] = "$input.model", ["input"] = "$chunk.content" }).As("reply"),
                                5, 2, retryAfter: true)
                                .Then("UPDATE chunks SET embedding = (CASE WHEN ($reply.body?::jsonb -> 'data' -> 0 -> 'embedding') "
                                    + "<> 'null' THEN ARRAY(SELECT jsonb_array_elements_text("
                                    + "($reply.body?::jsonb -> 'data' -> 0 -> 'embedding'))::real) END)::vector WHERE id = $chunk.id"),
                            "chunk", 8),
                        Df.WaitForSchedule("*/5 * * * *"))))),
        (IngestBatch.Definition,
            Df.WithUndo("INSERT INTO staging SELECT * FROM inbox WHERE batch_id = $input.batch_id",
                "DELETE FROM staging WHERE batch_id = $input.batch_id")
                .Then("DELETE FROM staging a USING staging b WHERE a.batch_id = $input.batch_id AND a.key = b.key AND a.ctid > b.ctid")
                .Then(Df.Sql("SELECT count(*) AS count FROM staging WHERE batch_id = $input.batch_id").As("staged"))
                .Then(Df.If("SELECT $staged.count = 0", Df.Fail("batch $input.batch_id is empty"), "SELECT NULL"))
                .Then(Df.Try(
                    Df.Retry(
                        Df.Timeout("INSERT INTO published SELECT key, upper(value) FROM staging WHERE batch_id = $input.batch_id", 600)),
                    "INSERT INTO ingest_errors VALUES ($input.batch_id, $error.sqlstate, $error.message)"))),
        (BloatWatch.Definition,
            Df.Loop(
                Df.WaitForSchedule("0 9 * * 1-5", "Europe/Paris")
                    .Then(Df.Sql("SELECT relid::regclass::text AS name, n_dead_tup AS dead_tuples FROM pg_stat_user_tables "
                        + "WHERE n_dead_tup > 10000").As("bloated"))
                    .Then(Df.IfRows(
                        "bloated",
                        Df.Sql("SELECT (concat((SELECT count(*) FROM $bloated.*), ' bloated tables'))::text AS \"v1\"").As("computed")
                            .Then(Df.HttpJson("$input.webhook", body: new JsonObject { ["text"] = "$computed.v1" }))
                            .Then(Df.WaitForSignal("go", 28800).As("go"))
                            .Then(Df.If(
                                "SELECT (NOT $go.timed_out::boolean) AND ($go.data?::jsonb ->> 'approved')::boolean",
                                Df.ForEach("bloated", "SELECT maintenance.vacuum_table($table.name)", "table"),
                                "SELECT NULL")),
                        "SELECT NULL")))),
        (DailyTotals.Definition,
            Df.Join(
                Df.Sql("SELECT count(*) AS count FROM users WHERE created_on = $input.day").As("users"),
                Df.Sql("SELECT count(*) AS count FROM orders WHERE created_on = $input.day").As("orders"))
                .Then("INSERT INTO daily_totals VALUES ($input.day, $users.count, $orders.count)")),
    ];
}
