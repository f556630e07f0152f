using Npgsql;
using PgDurable.Extension.Tests.Store;

namespace PgDurable.Extension.Tests.Algebra;

/// <summary>Starts graphs that were composed in C#.</summary>
[Collection(StoreCollection.Name)]
public sealed class StartTests(StoreFixture fixture)
{
    [Fact]
    public async Task Start_ComposedGraph_StoresWhatSqlWouldStart()
    {
        await using var dataSource = DataSource();
        var client = new DurableClient(dataSource);
        var graph = (Df.Sql("SELECT count(*) AS n FROM users").As("u") & Df.Sql("SELECT 'it''s'").As("o"))
            .Then("INSERT INTO totals VALUES ($u, $o)");

        var run = await client.StartAsync(graph, new StartOptions { Label = "totals", IdempotencyKey = "df-1" }, """{"a":1}""");
        var again = await client.StartAsync(graph, new StartOptions { IdempotencyKey = "df-1" });

        Assert.Equal(run.InstanceId, again.InstanceId);
        Assert.Equal(WorkflowStatus.Pending, await run.StatusAsync());
        await using var user = await fixture.UserAsync();
        var inSql = await user.ScalarAsync<string>($"SELECT df.start({graph.ToSql()})");
        var stored = await user.ColumnAsync<string>(
            "SELECT g.graph FROM df.submissions s JOIN df.graphs g USING (graph_id) WHERE s.id IN ($1, $2) GROUP BY g.graph, g.graph_id",
            run.InstanceId, inSql!);
        Assert.Equal(graph.ToJson(), Assert.Single(stored));
        Assert.Equal("totals", await user.ScalarAsync<string>("SELECT label FROM df.instances WHERE id = $1", run.InstanceId));
    }

    [Fact]
    public async Task Start_GraphThatCannotRun_IsRefusedAsValidateSays()
    {
        await using var dataSource = DataSource();
        var graph = Df.ForEach("nothing", "SELECT 1");

        var e = await Assert.ThrowsAsync<PostgresException>(() => new DurableClient(dataSource).StartAsync(graph));

        Assert.Equal("DF003", e.SqlState);
        Assert.Equal(Assert.Throws<Graph.GraphFormatException>(graph.Validate).Message, e.MessageText);
    }

    private NpgsqlDataSource DataSource() =>
        NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(fixture.Cluster.ConnectionString()) { Options = "-c role=alice" });
}
