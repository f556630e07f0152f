namespace PgDurable.Worker.Tests.Client;

/// <summary>What an application learns about its instances.</summary>
[Collection(WorkerCollection.Name)]
public sealed class ReadTests(WorkerFixture fixture) : IAsyncLifetime
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    ClientUser _user = null!;

    DurableClient Client => _user.Client;

    public async Task InitializeAsync() => _user = await ClientUser.CreateAsync(fixture.Cluster);

    public async Task DisposeAsync() => await _user.DisposeAsync();

    [Fact]
    public async Task List_PageByPage_NewestFirst_EachOnce()
    {
        var started = new List<string>();
        for (var i = 0; i < 7; i++)
            started.Add((await Client.StartAsync("SELECT 1", label: i % 2 == 0 ? "even" : "odd")).InstanceId);
        foreach (var id in started)
            await Client.ResultJsonAsync(id, Patience);

        started.Reverse();
        foreach (var pageSize in (int[])[1, 2, 7, 1000])
            Assert.Equal(started, await IdsAsync(new() { PageSize = pageSize }));
        Assert.Equal(started, await IdsAsync(null));
        Assert.Equal(started.Where((_, place) => place % 2 == 0), await IdsAsync(new() { Label = "even", PageSize = 2 }));
        Assert.Equal(started, await IdsAsync(new() { Status = WorkflowStatus.Completed, PageSize = 3 }));
        Assert.Empty(await IdsAsync(new() { Status = WorkflowStatus.Failed }));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => IdsAsync(new() { PageSize = 0 }));
    }

    [Fact]
    public async Task List_ByWorkflowAndTime_LeavesOutTheOthers()
    {
        await _user.User.ExecuteAsync("SELECT df.register_workflow('listed', 'SELECT 1')");
        await Client.StartAsync("SELECT 1");
        var listed = await Client.StartByNameAsync("listed");
        await Client.StartAsync("SELECT 1");
        var info = await listed.InfoAsync();

        Assert.Equal([listed.InstanceId], await IdsAsync(new() { Workflow = "listed", PageSize = 1 }));
        Assert.Equal(3, (await IdsAsync(new() { CreatedBefore = info.CreatedAt.AddMinutes(1) })).Count);
        Assert.Equal([listed.InstanceId], await IdsAsync(
            new() { CreatedFrom = info.CreatedAt, CreatedBefore = info.CreatedAt.AddTicks(10), PageSize = 1 }));
    }

    [Fact]
    public async Task InfoHistoryAndExplain_OfAnInstance_SayWhatItDid()
    {
        var run = await Client.StartAsync(
            Df.Sql("SELECT generate_series(1, 3) AS n").As("numbers").Then(Df.ForEach("numbers", "SELECT 6 / ($item.n - 2) AS x")),
            label: "sums");
        var failure = await Assert.ThrowsAsync<WorkflowFailedException>(() => run.WaitAsync(Patience));
        Assert.Equal("22012", failure.SqlState);

        var history = await run.HistoryAsync();
        Assert.Equal(("numbers", false, 3L, 1), (history[0].Step, history[0].Failed, history[0].Rows, history[0].Attempt));
        Assert.True(history[0].Duration >= TimeSpan.Zero);
        var failed = Assert.Single(history, entry => entry.Failed);
        Assert.Contains("division by zero", failed.Error);
        Assert.NotEqual("", failed.Path);

        var info = await run.InfoAsync();
        Assert.Equal((WorkflowStatus.Failed, "sums", _user.User.Role), (info.Status, info.Label, info.SubmittedBy));
        Assert.Contains("division by zero", info.Output);
        Assert.True(info.EndedAt >= info.StartedAt && info.StartedAt >= info.CreatedAt);

        Assert.Equal(await _user.User.ScalarAsync<string>("SELECT df.explain($1)", run.InstanceId), await run.ExplainAsync());
    }

    [Fact]
    public async Task History_OfAnInstanceThatDidNothingYet_IsEmpty()
    {
        var run = await Client.StartAsync("SELECT 1", new StartOptions { StartAt = DateTimeOffset.UtcNow.AddHours(1) });
        Assert.Empty(await run.HistoryAsync());
        await run.CancelAsync();
    }

    async Task<List<string>> IdsAsync(InstanceFilter? filter)
    {
        var ids = new List<string>();
        await foreach (var instance in Client.ListAsync(filter))
            ids.Add(instance.InstanceId);
        return ids;
    }
}
