using Npgsql;
using PgDurable.TestKit;

namespace PgDurable.Generators.Tests.Lowering;

/// <summary>PostgreSQL evaluates the SQL of every construct to a valid graph: byte for byte the one that the generator wrote.</summary>
public sealed class SameInPostgresTests : IClassFixture<SameInPostgresTests.Database>
{
    private readonly Database _database;

    public SameInPostgresTests(Database database) => _database = database;

    public static TheoryData<string> Constructs => new(ConstructTests.Constructs.Select(row => (string)((object[])row)[0]));

    [Theory]
    [MemberData(nameof(Constructs))]
    public async Task Sql_ComposesTheGraph(string steps)
    {
        var (json, sql) = WorkflowSource.GraphOf(ConstructTests.Source(steps));

        await using var command = new NpgsqlCommand($"SELECT {sql}", _database.Connection);
        Assert.Equal(json, await command.ExecuteScalarAsync());

        PgDurable.Graph.WorkflowGraph.Parse(json);
        ((DfNode)json).Validate();
        await using var explain = new NpgsqlCommand("SELECT df.explain($1)", _database.Connection)
        {
            Parameters = { new() { Value = json } },
        };
        Assert.Equal(((DfNode)json).Explain(), await explain.ExecuteScalarAsync());
    }

    public sealed class Database : IAsyncLifetime
    {
        private PgCluster? _cluster;

        public NpgsqlConnection Connection { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            _cluster = await PgCluster.StartAsync(new() { Worker = false });
            Connection = await _cluster.ConnectAsync();
            await using var create = new NpgsqlCommand("CREATE EXTENSION IF NOT EXISTS pg_durable", Connection);
            await create.ExecuteNonQueryAsync();
        }

        public async Task DisposeAsync()
        {
            await Connection.DisposeAsync();
            await _cluster!.DisposeAsync();
        }
    }
}
