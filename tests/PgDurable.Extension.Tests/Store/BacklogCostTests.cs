namespace PgDurable.Extension.Tests.Store;

/// <summary>What a worker does all the time reads what it asks for, however much waits in the queue.</summary>
public sealed class BacklogCostTests(StoreFixture fixture) : StoreTest(fixture)
{
    const int Held = 20;

    static readonly string[] Statements =
    [
        "SELECT df._worker_heartbeat($1)",
        "SELECT df._worker_rescue($1)",
        "SELECT df._worker_news($1)",
        "SELECT instance_no FROM df._worker_claim($1, 10, NULL)",
        "SELECT df._worker_release($1, ARRAY(SELECT instance_no FROM held), '0')",
        "SELECT df._suspect_claims($1)",
        "SELECT df._worker_unregister($1)",
    ];

    // What the planner believes depends on when the queue was last vacuumed.
    public static IEnumerable<object[]> Cases() => Statements.SelectMany(s => new object[][] { [s, true], [s, false] });

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Maintenance_LongBacklog_ReadsWhatItNeeds(string statement, bool isVacuumed)
    {
        if (isVacuumed)
            await Worker.ExecuteAsync("VACUUM ANALYZE df.queue");
        await User.ExecuteAsync("SELECT df.start('SELECT 1') FROM generate_series(1, 3000)");
        await Worker.ClaimAsync(Held);
        await Worker.ExecuteAsync("CREATE TEMP TABLE held AS SELECT instance_no FROM df.queue WHERE worker_id IS NOT NULL");

        await Worker.ExecuteAsync("BEGIN");
        var before = await ReadAsync();
        await Worker.ExecuteAsync(statement, Worker.Id);
        var after = await ReadAsync();
        await Worker.ExecuteAsync("ROLLBACK");
        Assert.InRange(after - before, 0, 6 * Held);
    }

    Task<long> ReadAsync() => Worker.ScalarAsync<long>(
        "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_all_tables WHERE relid = 'df.queue'::regclass");
}
