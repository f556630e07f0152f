using Npgsql;

namespace PgDurable.Extension.Tests.Inspection;

/// <summary>What reading costs a role that has many finished instances: rows read and instances folded, not time.</summary>
[Collection(InspectionCollection.Name)]
public sealed class ReadingCostTests(InspectionFixture fixture) : IAsyncLifetime
{
    const int Finished = 3000;
    const int Failed = 3;

    readonly string _role = "reader_" + Guid.NewGuid().ToString("N")[..8];

    public async Task InitializeAsync()
    {
        await fixture.Cluster.CreateRoleAsync(_role);
        await fixture.Cluster.ExecuteAsync($"ALTER ROLE {_role} LOGIN; SELECT df.grant_usage('{_role}')");
        var model = await RecordedInstance.StartAsync(fixture, "'SELECT 1'", _role);
        await model.RecordAsync("0");
        await model.CompleteAsync(0);
        foreach (var _ in Enumerable.Range(0, Failed))
        {
            var failed = await RecordedInstance.StartAsync(fixture, "'SELECT 1'", _role);
            await failed.RecordAsync("0!it broke");
            await failed.FailAsync();
        }
        // Not drawn one by one: so many would collide now and then.
        var ids = 4096L * Random.Shared.Next(0x10000, 0x100000);
        // Past the triggers, as so many runs would have left them.
        await fixture.Cluster.ExecuteAsync(
            $"""
             SET session_replication_role = replica;
             WITH s AS (
                 INSERT INTO df.submissions (id, graph_id, submitted_by, created_at)
                 SELECT to_hex({ids} + n), s.graph_id, s.submitted_by, s.created_at - interval '1 s' * n
                   FROM df.submissions s, generate_series(1, {Finished}) n WHERE s.instance_no = {model.Number}
                 RETURNING instance_no
             ), c AS (
                 INSERT INTO df.checkpoints
                 SELECT (jsonb_populate_record(c, jsonb_build_object('instance_no', s.instance_no))).*
                   FROM df.checkpoints c, s WHERE c.instance_no = {model.Number}
             )
             INSERT INTO df.outcomes
             SELECT (jsonb_populate_record(o, jsonb_build_object('instance_no', s.instance_no))).*
               FROM df.outcomes o, s WHERE o.instance_no = {model.Number};
             ANALYZE df.submissions, df.outcomes, df.checkpoints, df.graphs;
             """);
    }

    public Task DisposeAsync() => fixture.Cluster.ExecuteAsync($"SELECT df.revoke_usage('{_role}')");

    [Theory]
    [InlineData("SELECT count(*) FROM df.list_instances('completed', 10)")]
    [InlineData("SELECT count(*) FROM df.list_instances(NULL, 10)")]
    [InlineData("SELECT count(*) FROM df.list_instances('completed', 10, NULL, NULL)")]
    public async Task ListInstances_ManyFinished_ReadsOnlyThePage(string sql)
    {
        var (count, rows, _) = await CostAsync(sql);
        Assert.Equal(10, count);
        Assert.InRange(rows, 1, 300);
    }

    [Fact]
    public async Task Instances_CountedByStatus_ReadsOnlyOutcomesThatAreNotCompleted()
    {
        var (count, _, outcomes) = await CostAsync("SELECT count(*) FROM df.instances WHERE status = 'completed'");
        Assert.Equal(Finished + 1, count);
        Assert.InRange(outcomes, 0, 100);
    }

    [Theory]
    [InlineData("SELECT count(error) FROM df.nodes WHERE status = 'failed'", Failed)]
    [InlineData("SELECT count(result) FROM df.nodes", Finished + 1 + Failed)]
    public async Task Nodes_ManyFinished_FoldsOnlyInstancesThatDidNotComplete(string sql, int expected)
    {
        await using var connection = await fixture.Cluster.ConnectAsync();
        await ScalarAsync(connection, $"SET track_functions = 'pl'; SET ROLE {_role}; BEGIN; SELECT 0::bigint");
        Assert.Equal(expected, await ScalarAsync(connection, sql));
        Assert.Equal(Failed, await ScalarAsync(connection,
            "SELECT pg_stat_get_xact_function_calls('df._node_states(bigint)'::regprocedure)"));
    }

    [Fact]
    public async Task Nodes_OnlyCounted_ReadsNoCheckpointsOfWhatCompleted()
    {
        await using var connection = await fixture.Cluster.ConnectAsync(user: _role);
        await using var transaction = await connection.BeginTransactionAsync();
        Assert.Equal(Finished + 1 + Failed, await ScalarAsync(connection, "SELECT count(*) FROM df.nodes"));
        Assert.InRange(await ScalarAsync(connection,
            "SELECT seq_tup_read + COALESCE(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables WHERE relid = 'df.checkpoints'::regclass"),
            0, 10 * Failed);
    }

    [Theory]
    [InlineData("SELECT count(n.result) FROM df.nodes n WHERE n.instance_id = (SELECT instance_id FROM df.list_instances(NULL, 1))")]
    [InlineData("SELECT count(n.result) FROM df.nodes n " +
        "WHERE n.instance_id = ANY (ARRAY(SELECT instance_id FROM df.list_instances(NULL, 3)))")]
    [InlineData("SELECT count(n.result) FROM (SELECT * FROM df.list_instances(NULL, 3) LIMIT 3) i JOIN df.nodes n USING (instance_id)")]
    [InlineData("SELECT count(n.result) FROM (SELECT id FROM df.instances ORDER BY created_at DESC LIMIT 3) i " +
        "JOIN df.nodes n ON n.instance_id = i.id")]
    [InlineData("SELECT count(n.result) FROM df.failed i JOIN df.nodes n ON n.instance_id = i.id")]
    public async Task Nodes_OfAFewInstances_ReadsNoOthers(string sql)
    {
        await using var connection = await fixture.Cluster.ConnectAsync(user: _role);
        var plan = await PlanAsync(connection, sql);
        var (_, rows, _) = await CostAsync(sql);
        Assert.True(rows < 1000, $"{rows} rows\n{plan}");
        Assert.DoesNotContain("Seq Scan on submissions", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("Seq Scan on checkpoints", plan, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nodes_OfTheInstancesThatAJoinFinds_FoldsNoOthers()
    {
        await using var connection = await fixture.Cluster.ConnectAsync();
        await ScalarAsync(connection, $"SET track_functions = 'pl'; SET ROLE {_role}; BEGIN; SELECT 0::bigint");
        Assert.Equal(Failed, await ScalarAsync(
            connection,
            "SELECT count(n.error) FROM df.instances i JOIN df.nodes n ON n.instance_id = i.id WHERE i.status = 'failed'"));
        Assert.Equal(Failed, await ScalarAsync(connection,
            "SELECT pg_stat_get_xact_function_calls('df._node_states(bigint)'::regprocedure)"));
    }

    static async Task<string> PlanAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand($"EXPLAIN {sql}", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
            lines.Add(reader.GetString(0));
        return string.Join('\n', lines);
    }

    /// <summary>The value, how many rows of df's tables were read for it, and how many of those were outcomes.</summary>
    async Task<(long Value, long Rows, long Outcomes)> CostAsync(string sql)
    {
        await using var connection = await fixture.Cluster.ConnectAsync(user: _role);
        await using var transaction = await connection.BeginTransactionAsync();
        var value = await ScalarAsync(connection, sql);
        const string Read = "SELECT COALESCE(sum(seq_tup_read + COALESCE(idx_tup_fetch, 0)), 0)::bigint FROM pg_stat_xact_user_tables";
        var rows = await ScalarAsync(connection, $"{Read} WHERE schemaname = 'df'");
        return (value, rows, await ScalarAsync(connection, $"{Read} WHERE schemaname = 'df' AND relname = 'outcomes'"));
    }

    static async Task<long> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
