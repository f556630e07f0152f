namespace PgDurable.Extension.Tests.Store;

/// <summary>What retention removes, and what it must keep.</summary>
public sealed class PruneTests(StoreFixture fixture) : StoreTest(fixture)
{
    [Fact]
    public async Task Prune_OldInstance_LeavesNothingOfIt()
    {
        var old = await EndedAsync(daysAgo: 31);
        var young = await EndedAsync(daysAgo: 29);
        var live = await User.StartAsync();
        await Worker.ExecuteAsync("UPDATE df.submissions SET created_at = created_at - interval '1 year'");

        Assert.Equal(1, await PruneAsync());
        Assert.Equal([young, live], await Worker.ColumnAsync<long>("SELECT instance_no FROM df.submissions ORDER BY 1"));
        Assert.Equal(
            [young], await Worker.ColumnAsync<long>("SELECT instance_no FROM df.checkpoints UNION SELECT instance_no FROM df.outcomes"));
        Assert.DoesNotContain(
            old, await Worker.ColumnAsync<long>("SELECT instance_no FROM df.cancellations UNION SELECT instance_no FROM df.pauses"));
        Assert.Equal(live, (await Worker.ClaimOneAsync()).Instance);
        Assert.Equal(0, await PruneAsync());
    }

    // A row that stays behind belongs to nobody; that of an instance that stays is kept.
    [Fact]
    public async Task Prune_PublishedState_GoesWithItsInstance()
    {
        var gone = await PublishedAsync(daysAgo: 31);
        var kept = await PublishedAsync(daysAgo: 29);
        var locked = await PublishedAsync(daysAgo: 31);
        await using var holder = await Fixture.UserAsync();
        await holder.ExecuteAsync("BEGIN");
        await holder.ExecuteAsync("SELECT FROM df.published_state WHERE instance_no = $1 FOR UPDATE", locked);

        Assert.Equal(2, await PruneAsync());
        Assert.Equal(
            [kept, locked], await Worker.ColumnAsync<long>("SELECT instance_no FROM df.published_state ORDER BY instance_no"));
        Assert.DoesNotContain(gone, await Worker.ColumnAsync<long>("SELECT instance_no FROM df.submissions"));
        await holder.ExecuteAsync("ROLLBACK");
        Assert.Equal([kept], await User.ColumnAsync<long>("SELECT instance_no FROM df.published_state"));

        async Task<long> PublishedAsync(int daysAgo)
        {
            var instance = await EndedAsync(daysAgo);
            await Worker.ExecuteAsync("INSERT INTO df.published_state (instance_no, value) VALUES ($1, '1')", instance);
            return instance;
        }
    }

    [Fact]
    public async Task Prune_ManyInstances_InBatchesDownToTheNewest()
    {
        // 10,007 instances that ended one second apart.
        await Worker.ExecuteAsync(
            """
            WITH s AS (
                INSERT INTO df.submissions (id, graph_id, submitted_by)
                SELECT to_hex(268435456 + n), 1, 'alice' FROM generate_series(1, 10007) n
                RETURNING instance_no
            ), ended AS (DELETE FROM df.queue)
            INSERT INTO df.outcomes (instance_no, status, completed_at)
            SELECT instance_no, 'completed', now() - interval '1 day' + instance_no * interval '1 second' FROM s
            """);
        await Worker.ExecuteAsync("DELETE FROM df.queue");
        var newest = await Worker.ScalarAsync<long>("SELECT max(instance_no) FROM df.outcomes");

        Assert.Equal(5, await PruneAsync(5));
        Assert.Equal(2, await PruneAsync(5));
        Assert.Equal(0, await PruneAsync(5));
        Assert.Equal(10000, await Worker.CountAsync("outcomes"));
        Assert.Equal(newest - 9999, await Worker.ScalarAsync<long>("SELECT min(instance_no) FROM df.submissions"));
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    [InlineData(4, 3)]
    [InlineData(0, 3)]
    public async Task Prune_LimitOfInstances_KeepsTheNewest(int limit, int kept)
    {
        long[] ended = [await EndedAsync(daysAgo: 3), await EndedAsync(daysAgo: 2), await EndedAsync(daysAgo: 1)];
        await Worker.ExecuteAsync($"SET pg_durable.retention_instances = {limit}");
        Assert.Equal(3 - kept, await PruneAsync());
        Assert.Equal(ended[^kept..], await Worker.ColumnAsync<long>("SELECT instance_no FROM df.outcomes ORDER BY 1"));
    }

    [Fact]
    public async Task Prune_ChildOfALiveInstance_IsKept()
    {
        await User.ExecuteAsync("SELECT df.register_workflow('child', 'SELECT 1')");
        var parent = await User.StartAsync();
        await Worker.ClaimOneAsync();
        await Worker.StartChildAsync(parent);
        await Worker.EndAsync((await Worker.ClaimOneAsync()).Instance);
        await Worker.ExecuteAsync("UPDATE df.outcomes SET completed_at = completed_at - interval '1 year'");
        Assert.Equal(0, await PruneAsync());

        await Worker.EndAsync(parent);
        Assert.Equal(1, await PruneAsync());
    }

    [Fact]
    public async Task Prune_Graph_ADayAfterItsLastUse()
    {
        await EndedAsync(daysAgo: 31);
        await User.ExecuteAsync("SELECT df.register_workflow('w', 'SELECT 2')");
        Assert.Equal(2, await PruneAsync()); // the instance, and the mark
        Assert.Equal(0, await PruneAsync());
        Assert.Equal(2, await Worker.CountAsync("graphs"));

        // Marked graphs are not used again.
        await User.StartAsync();
        Assert.Equal(3, await Worker.CountAsync("graphs"));
        await Worker.ExecuteAsync("UPDATE df.graphs SET unused_at = unused_at - interval '25 hours'");
        Assert.Equal(1, await PruneAsync());
        Assert.Equal(0, await Worker.ScalarAsync<long>("SELECT count(*) FROM df.graphs WHERE unused_at IS NOT NULL"));
        Assert.Equal(2, await Worker.CountAsync("graphs"));
    }

    // A start that was not yet committed when its graph was marked.
    [Fact]
    public async Task Prune_MarkedGraphThatIsReferredTo_IsKept()
    {
        await EndedAsync(daysAgo: 31);
        await User.ExecuteAsync("BEGIN");
        await User.StartAsync();
        await PruneAsync();
        await User.ExecuteAsync("COMMIT");
        await Worker.ExecuteAsync("UPDATE df.graphs SET unused_at = unused_at - interval '25 hours'");
        Assert.Equal(0, await PruneAsync());
        Assert.Equal(1, await Worker.CountAsync("graphs"));
    }

    [Fact]
    public async Task Heartbeat_KeepsTheEpochFresh()
    {
        await Worker.ExecuteAsync("DELETE FROM df._worker_epoch");
        await HeartbeatAsync();
        var epoch = await Worker.ScalarAsync<Guid>("SELECT epoch_id FROM df._worker_epoch");
        await Worker.ExecuteAsync("UPDATE df._worker_epoch SET last_seen_at = last_seen_at - interval '10 seconds'");
        await HeartbeatAsync();
        Assert.True(await Worker.ScalarAsync<bool>(
            "SELECT now() - last_seen_at < interval '5 seconds' FROM df._worker_epoch WHERE epoch_id = $1", epoch));

        await Worker.ExecuteAsync("UPDATE df._worker_epoch SET last_seen_at = last_seen_at - interval '1 hour'");
        await HeartbeatAsync();
        Assert.NotEqual(epoch, await Worker.ScalarAsync<Guid>("SELECT epoch_id FROM df._worker_epoch"));
    }

    Task HeartbeatAsync() => Worker.ExecuteAsync("SELECT df._worker_heartbeat($1)", Worker.Id);

    async Task<long> PruneAsync(int limit = 1000) => await Worker.ScalarAsync<long>("SELECT df._worker_prune($1)", limit);

    async Task<long> EndedAsync(int daysAgo)
    {
        var instance = await User.StartAsync();
        await Worker.ClaimOneAsync();
        await User.ExecuteAsync("SELECT df.pause($1)", await User.IdAsync(instance));
        await Worker.ClaimAsync();
        await Worker.EndAsync(instance);
        await Worker.ExecuteAsync(
            "UPDATE df.outcomes SET completed_at = completed_at - make_interval(days => $2) WHERE instance_no = $1", instance, daysAgo);
        return instance;
    }
}
