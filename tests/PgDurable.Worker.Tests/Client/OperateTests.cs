using System.Text.Json;
using Npgsql;

namespace PgDurable.Worker.Tests.Client;

/// <summary>What an application does to its instances.</summary>
[Collection(WorkerCollection.Name)]
public sealed class OperateTests(WorkerFixture fixture) : IAsyncLifetime
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    ClientUser _user = null!;

    DurableClient Client => _user.Client;

    public async Task InitializeAsync() => _user = await ClientUser.CreateAsync(fixture.Cluster);

    public async Task DisposeAsync() => await _user.DisposeAsync();

    [Fact]
    public async Task Signal_HostilePayload_ArrivesAsItWas()
    {
        const string text = "it's \"quoted\" \\ $$ {x} $input.a 🐘 \u0001";
        var run = await Client.StartAsync(Df.WaitForSignal("go").As("s").Then("SELECT $s.data ->> 'text' AS text"));
        await run.SignalAsync("go", text, (writer, value) =>
        {
            writer.WriteStartObject();
            writer.WriteString("text", value);
            writer.WriteEndObject();
        });
        var result = JsonElement.Parse((await run.ResultJsonAsync(Patience))!);
        Assert.Equal(text, result.GetProperty("rows")[0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task Signal_NotJson_IsRefused()
    {
        var run = await Client.StartAsync(Df.WaitForSignal("go"));
        await Assert.ThrowsAnyAsync<JsonException>(() => run.SignalAsync("go", "approved"));
        await run.SignalAsync("go", "\"approved\"");
        Assert.Equal("approved", JsonElement.Parse((await run.ResultJsonAsync(Patience))!).GetProperty("data").GetString());
    }

    [Fact]
    public async Task PauseAndResume_HoldAnInstance_AndLetItGoOn()
    {
        var run = await Client.StartAsync(Df.WaitForSignal("go"));
        await run.PauseAsync();
        await Assert.ThrowsAsync<WorkflowStateException>(() => run.PauseAsync());
        await run.SignalAsync("go");
        await run.ResumeAsync();
        await run.WaitAsync(Patience);
        var error = await Assert.ThrowsAsync<WorkflowStateException>(() => run.ResumeAsync());
        Assert.Equal(run.InstanceId, error.InstanceId);
        Assert.Contains("completed", error.Message);
    }

    [Fact]
    public async Task Bulk_SignalsWhatTheQueryFinds()
    {
        for (var i = 0; i < 3; i++)
            await Client.StartAsync(Df.WaitForSignal("go").As("s").Then("SELECT $s.data ->> 'by' AS text"), label: "bulk");
        Assert.Equal(new BulkPreview(3, 3, false), await Client.BulkPreviewAsync(BulkAction.Signal, "label:bulk"));
        Assert.Equal(new BulkPreview(3, 0, false), await Client.BulkPreviewAsync(BulkAction.Delete, "label:bulk"));
        await Assert.ThrowsAnyAsync<JsonException>(() =>
            Client.BulkAsync(BulkAction.Signal, "label:bulk", new() { SignalName = "go", SignalPayload = "alice" }));
        await Assert.ThrowsAsync<PostgresException>(() => Client.BulkAsync(BulkAction.Cancel, "status:broken"));

        var bulk = await Client.BulkAsync(
            BulkAction.Signal, "label:bulk", new() { SignalName = "go", SignalPayload = """{"by": "alice"}""", BatchSize = 2 });
        await bulk.WaitAsync(Patience);

        Assert.Equal(new BulkProgress(3, 0, 3, 3, false, null), await Client.BulkProgressAsync(bulk.InstanceId));
        await foreach (var instance in Client.SearchAsync("label:bulk"))
        {
            var result = JsonElement.Parse((await Client.ResultJsonAsync(instance.InstanceId, Patience))!);
            Assert.Equal("alice", result.GetProperty("rows")[0].GetProperty("text").GetString());
        }
    }

    [Fact]
    public async Task Retry_FailedInstance_GoesOnAtTheFailedStep()
    {
        await _user.User.ExecuteAsync("SET search_path = " + _user.User.Schema + "; CREATE TABLE done (step int)");
        var run = await Client.StartAsync(Df.Sql("INSERT INTO done VALUES (1)").Then("INSERT INTO missing VALUES (2)"));
        await Assert.ThrowsAsync<WorkflowFailedException>(() => run.WaitAsync(Patience));
        await _user.User.ExecuteAsync("CREATE TABLE missing (step int)");
        await run.RetryAsync();
        await run.WaitAsync(Patience);
        Assert.Equal(1L, await _user.User.CountAsync("done"));
        Assert.Equal(1L, await _user.User.CountAsync("missing"));
    }

    [Fact]
    public async Task EveryCall_UnknownInstance_ThrowsNotFound()
    {
        var nobody = Client.Handle("00000000");
        Func<Task>[] calls =
        [
            () => nobody.StatusAsync(), () => nobody.InfoAsync(), () => nobody.HistoryAsync(), () => nobody.ExplainAsync(),
            () => nobody.SignalAsync("go"), () => nobody.CancelAsync(), () => nobody.CancelAsync("why"), () => nobody.PauseAsync(),
            () => nobody.ResumeAsync(), () => nobody.RetryAsync(), () => nobody.WaitAsync(), () => Client.ResultJsonAsync("00000000"),
        ];
        foreach (var call in calls)
            Assert.Equal("00000000", (await Assert.ThrowsAsync<WorkflowNotFoundException>(call)).InstanceId);
    }

    [Fact]
    public async Task SignalAndCancel_InARolledBackTransaction_DidNothing()
    {
        var run = await Client.StartAsync(Df.WaitForSignal("go"));
        await using (var connection = await _user.DataSource.OpenConnectionAsync())
        {
            await using var transaction = await connection.BeginTransactionAsync();
            var inside = Client.In(transaction);
            await inside.SignalAsync(run.InstanceId, "go", "1");
            await inside.CancelAsync(run.InstanceId);
            Assert.Equal(WorkflowStatus.Cancelled, await inside.StatusAsync(run.InstanceId));
            await transaction.RollbackAsync();
        }

        await run.SignalAsync("go", "2");
        Assert.Equal(2, JsonElement.Parse((await run.ResultJsonAsync(Patience))!).GetProperty("data").GetInt32());
    }

    [Fact]
    public async Task InConnection_UsesItsSessionAndItsTransaction()
    {
        await using var connection = await _user.DataSource.OpenConnectionAsync();
        var inside = Client.In(connection);
        var first = await inside.StartAsync("SELECT 1");
        await first.WaitAsync(Patience);
        await using var transaction = await connection.BeginTransactionAsync();
        var second = await inside.StartAsync("SELECT 2");
        await Assert.ThrowsAsync<WorkflowNotFoundException>(() => second.StatusAsync());
        await transaction.RollbackAsync();
        await Assert.ThrowsAsync<WorkflowNotFoundException>(() => inside.StatusAsync(second.InstanceId));
    }

    [Fact]
    public async Task In_ATransactionThatIsOver_IsRefused()
    {
        await using var connection = await _user.DataSource.OpenConnectionAsync();
        var transaction = await connection.BeginTransactionAsync();
        await transaction.CommitAsync();
        await transaction.DisposeAsync();
        Assert.ThrowsAny<Exception>(() => Client.In(transaction));
    }
}
