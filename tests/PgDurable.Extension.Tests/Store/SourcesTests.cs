namespace PgDurable.Extension.Tests.Store;

/// <summary>
/// Sources are stored with the graph, which many instances share; nobody waits for that. Statements that would wait fail here.
/// </summary>
public sealed class SourcesTests(StoreFixture fixture) : StoreTest(fixture)
{
    private const string Stored = "SELECT sources[1] FROM df.graphs";

    [Fact]
    public async Task Start_OtherSourcesUncommitted_GoesOnWithout()
    {
        await User.StartAsync("'SELECT 1', sources => '{a.cs:1}'");
        await using var other = await Fixture.UserAsync();
        await User.ExecuteAsync("BEGIN");
        await User.StartAsync("'SELECT 1', sources => '{a.cs:2}'");

        await other.StartAsync("'SELECT 1', sources => '{a.cs:3}'");
        await other.ExecuteAsync("SELECT df.register_workflow('w', 'SELECT 1', sources => '{a.cs:3}')");
        await User.ExecuteAsync("COMMIT");
        Assert.Equal("a.cs:2", await Worker.ScalarAsync<string>("SELECT sources[1] FROM df.graphs ORDER BY graph_id LIMIT 1"));
        Assert.Equal(3, await Worker.CountAsync("submissions"));
    }

    [Fact]
    public async Task Start_OtherSourcesCommittedAfterItsSnapshot_GoesOnWithout()
    {
        await User.StartAsync("'SELECT 1', sources => '{a.cs:1}'");
        await using var other = await Fixture.UserAsync();
        await other.ExecuteAsync("BEGIN ISOLATION LEVEL SERIALIZABLE");
        await other.ExecuteAsync("SELECT 1 FROM df.graphs");
        await User.StartAsync("'SELECT 1', sources => '{a.cs:2}'");

        await other.StartAsync("'SELECT 1', sources => '{a.cs:3}'");
        await other.ExecuteAsync("COMMIT");
        Assert.Equal("a.cs:2", await Worker.ScalarAsync<string>(Stored));
    }

    [Fact]
    public async Task Prune_SourcesUncommitted_DoesNotWait()
    {
        await User.StartAsync("'SELECT 1', sources => '{a.cs:1}'");
        await Worker.ExecuteAsync("DELETE FROM df.queue");
        await Worker.ExecuteAsync("DELETE FROM df.submissions");
        await User.ExecuteAsync("BEGIN");
        await User.StartAsync("'SELECT 1', sources => '{a.cs:2}'");

        Assert.Equal(0, await Worker.ScalarAsync<long>("SELECT df._worker_prune(100)"));
        await User.ExecuteAsync("ROLLBACK");
        Assert.Equal(1, await Worker.ScalarAsync<long>("SELECT df._worker_prune(100)"));
        await Worker.ExecuteAsync("UPDATE df.graphs SET unused_at = unused_at - interval '2 days'");
        Assert.Equal(1, await Worker.ScalarAsync<long>("SELECT df._worker_prune(100)"));
    }
}
