namespace PgDurable.Extension.Tests.Store;

/// <summary>What becomes of tags when instances end and go. The rest is tested in SQL.</summary>
public sealed class TagTests(StoreFixture fixture) : StoreTest(fixture)
{
    [Fact]
    public async Task Prune_TaggedInstances_RemovesTheirTagsAndWaitsForNobody()
    {
        var (gone, locked) = (await User.StartAsync(), await User.StartAsync());
        foreach (var instance in (long[])[gone, locked])
            await User.ExecuteAsync("SELECT df.tag($1, 'customer', '42')", await User.IdAsync(instance));
        await using var holder = await Fixture.UserAsync();
        await holder.ExecuteAsync("BEGIN");
        await holder.ExecuteAsync("UPDATE df.tags SET value = '43' WHERE instance_no = $1", locked);
        await Worker.ExecuteAsync("INSERT INTO df.outcomes (instance_no, status, completed_at) SELECT instance_no, 'completed', "
            + "now() - interval '100 days' FROM df.queue");
        await Worker.ExecuteAsync("DELETE FROM df.queue");

        await Worker.ExecuteAsync("SELECT df._worker_prune(100)");

        Assert.Equal([locked], await Worker.ColumnAsync<long>("SELECT instance_no FROM df.tags"));
        Assert.Empty(await User.ColumnAsync<string>("SELECT id FROM df.search('customer:42')"));
    }

    [Fact]
    public async Task Tag_OfASuperuser_BelongsToTheInstancesRole()
    {
        var id = await User.IdAsync(await User.StartAsync());

        await Fixture.Cluster.ExecuteAsync($"SELECT df.tag('{id}', 'reviewed', 'yes')");

        Assert.Equal([id], await User.ColumnAsync<string>("SELECT id FROM df.search('reviewed:yes')"));
        await User.ExecuteAsync("SELECT df.tag($1, 'reviewed', NULL)", id);
        Assert.Equal("{}", await User.ScalarAsync<string>("SELECT df.tags_of($1)::text", id));
    }
}
