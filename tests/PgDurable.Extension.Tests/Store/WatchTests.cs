using Npgsql;

namespace PgDurable.Extension.Tests.Store;

/// <summary>df.watch: whoever asked hears of the end of an instance, once, and nobody else pays for it.</summary>
public sealed class WatchTests(StoreFixture fixture) : StoreTest(fixture)
{
    [Theory]
    [InlineData("completed")]
    [InlineData("failed")]
    public async Task Watch_InstanceEnds_NotifiesOnce(string status)
    {
        await using var ear = await Ear.ListenAsync(Fixture);
        var instance = await User.StartAsync();
        var id = await User.IdAsync(instance);
        Assert.Equal("pending", await User.ScalarAsync<string>("SELECT df.watch($1)", id));
        await Worker.ClaimOneAsync();
        Assert.Equal("running", await User.ScalarAsync<string>("SELECT df.watch($1)", id));
        Assert.Equal(1, await Worker.CountAsync("watches"));

        await Worker.EndAsync(instance, status);
        Assert.Equal([id], await ear.HeardAsync());
        Assert.Equal(0, await Worker.CountAsync("watches"));
    }

    [Fact]
    public async Task Watch_InstanceCancelled_NotifiesWhenThatCommits()
    {
        await using var ear = await Ear.ListenAsync(Fixture);
        var id = await User.IdAsync(await User.StartAsync());
        await User.ExecuteAsync("SELECT df.watch($1)", id);
        await User.ExecuteAsync("BEGIN");
        await User.ExecuteAsync("SELECT df.cancel($1)", id);
        await User.ExecuteAsync("ROLLBACK");
        Assert.Empty(await ear.HeardAsync());

        await User.ExecuteAsync("SELECT df.cancel($1)", id);
        Assert.Equal([id], await ear.HeardAsync());
    }

    [Fact]
    public async Task Watch_Nobody_NotifiesNobody()
    {
        await using var ear = await Ear.ListenAsync(Fixture);
        var watched = await User.StartAsync();
        var other = await User.StartAsync();
        await User.ExecuteAsync("SELECT df.watch($1)", await User.IdAsync(watched));
        await Worker.ClaimAsync();
        await Worker.EndAsync(other);

        Assert.Empty(await ear.HeardAsync());
        Assert.Equal(1, await Worker.CountAsync("watches"));
    }

    [Fact]
    public async Task Watch_AfterTheEnd_SaysSoAndLeavesNothing()
    {
        var instance = await User.StartAsync();
        await Worker.ClaimOneAsync();
        await Worker.EndAsync(instance);

        Assert.Equal("completed", await User.ScalarAsync<string>("SELECT df.watch($1)", await User.IdAsync(instance)));
        Assert.Equal(0, await Worker.CountAsync("watches"));
    }

    // The hint is missed: neither sees the other. Nobody waits, and retention removes the rest.
    [Fact]
    public async Task Watch_EndsBeforeItCommits_IsMissedAndPruned()
    {
        await using var ear = await Ear.ListenAsync(Fixture);
        var instance = await User.StartAsync();
        await Worker.ClaimOneAsync();
        await using var other = await Fixture.UserAsync();
        await User.ExecuteAsync("BEGIN");
        await User.ExecuteAsync("SELECT df.watch($1)", await User.IdAsync(instance));
        await other.ExecuteAsync("SELECT df.watch($1)", await User.IdAsync(instance));
        await Worker.EndAsync(instance);
        Assert.Single(await ear.HeardAsync());
        await User.ExecuteAsync("COMMIT");

        Assert.Equal("completed", await User.StatusAsync(instance));
        Assert.Single(await ear.HeardAsync());
        await Worker.ExecuteAsync("UPDATE df.outcomes SET completed_at = completed_at - interval '1 year'");
        Assert.Equal(1, await Worker.ScalarAsync<long>("SELECT df._prune_instances(10)"));
        Assert.Equal(0, await Worker.CountAsync("watches"));
    }

    [Fact]
    public async Task Watch_OthersOrUnknown_IsRefused()
    {
        var id = await User.IdAsync(await User.StartAsync());
        await Fixture.Cluster.CreateRoleAsync("mallory");
        await Fixture.Cluster.ExecuteAsync("SELECT df.grant_usage('mallory')");
        await Worker.ExecuteAsync("SET ROLE mallory");
        foreach (var unknown in (string[])[id, "ffffffff"])
            Assert.Equal(
                "DF002", (await Assert.ThrowsAsync<PostgresException>(() => Worker.ExecuteAsync("SELECT df.watch($1)", unknown))).SqlState);
        Assert.Equal("42501", (await Assert.ThrowsAsync<PostgresException>(
            () => Worker.ExecuteAsync("INSERT INTO df.watches (instance_no) SELECT 1"))).SqlState);
        await Worker.ExecuteAsync("RESET ROLE");
    }
}
