using Npgsql;

namespace PgDurable.Worker.Tests.GraphEquality;

/// <summary>A typed workflow from its start in C# to its typed end.</summary>
[Collection(WorkerCollection.Name)]
public sealed class TypedWorkflowTests(WorkerFixture fixture) : IAsyncLifetime
{
    TestUser _user = null!;
    NpgsqlDataSource _dataSource = null!;
    DurableClient _client = null!;

    public async Task InitializeAsync()
    {
        _user = await fixture.UserAsync();
        var s = _user.Schema;
        await fixture.Cluster.ExecuteAsync($"ALTER ROLE {_user.Role} LOGIN; ALTER ROLE {_user.Role} SET search_path = {s}");
        await _user.ExecuteAsync(
            $"""
             CREATE TABLE {s}.account (id int PRIMARY KEY, balance numeric NOT NULL CONSTRAINT no_debts CHECK (balance >= 0));
             INSERT INTO {s}.account VALUES (1, 100), (2, 0);
             CREATE TABLE {s}.ledger (account int, amount numeric, note text)
             """);
        _dataSource = NpgsqlDataSource.Create(fixture.Cluster.ConnectionString(user: _user.Role, pooling: true));
        _client = new DurableClient(_dataSource);
    }

    public async Task DisposeAsync()
    {
        await _dataSource.DisposeAsync();
        await _user.DisposeAsync();
    }

    [Fact]
    public async Task Start_InATransaction_RunsWhenItCommits()
    {
        const string note = "it's \"hostile\" \\ 🐘 $input.amount";
        await using var connection = await _dataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var handle = await Transfer.StartAsync(_client.In(transaction), new(1, 2, 10.5m, note), new() { IdempotencyKey = "t1" });
        await Assert.ThrowsAsync<WorkflowNotFoundException>(() => handle.StatusAsync());
        await Assert.ThrowsAsync<InvalidOperationException>(() => handle.ResultAsync(TimeSpan.FromSeconds(1)));
        await transaction.CommitAsync();

        Assert.Equal(new Transfer.Receipt(2, 10.5m, note), await handle.ResultAsync(TimeSpan.FromSeconds(20)));

        Assert.Equal(WorkflowStatus.Completed, await handle.StatusAsync());
        Assert.Equal(89.25m, await _user.ScalarAsync<decimal>($"SELECT balance FROM {_user.Schema}.account WHERE id = 1"));
        Assert.Equal(
            $"1 -10.5 {note}", await _user.ScalarAsync<string>($"SELECT concat_ws(' ', account, amount, note) FROM {_user.Schema}.ledger"));
        var again = await Transfer.StartAsync(_client, new(1, 2, 99m, "another"), new() { IdempotencyKey = "t1" });
        Assert.Equal(handle.InstanceId, again.InstanceId);
        Assert.Equal(10.5m, (await _client.Handle(Transfer.Definition, handle.InstanceId).ResultAsync()).Balance);
    }

    [Fact]
    public async Task Start_RolledBack_IsNotFound()
    {
        await using var connection = await _dataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var handle = await Transfer.StartAsync(_client.In(transaction), new(1, 2, 1, ""));
        await transaction.RollbackAsync();
        await Assert.ThrowsAsync<WorkflowNotFoundException>(() => handle.StatusAsync());
    }

    [Fact]
    public async Task Result_OfAFailedWorkflow_ThrowsWithWhatTheDatabaseSaid()
    {
        var handle = await Transfer.StartAsync(_client, new(1, 2, 1000m, "too much"));

        var error = await Assert.ThrowsAsync<WorkflowFailedException>(() => handle.ResultAsync(TimeSpan.FromSeconds(20)));

        Assert.Equal(handle.InstanceId, error.InstanceId);
        Assert.Equal("23514", error.SqlState);
        Assert.Equal("from", error.Step);
        Assert.Contains("no_debts", error.Reason);
        Assert.Contains("1000", error.Sql);
        Assert.Contains("Failing row contains (1, -900.25)", error.Detail);
        Assert.Matches(@"Workflows\.cs:\d+$", error.SourceLocation);
        Assert.Matches(@"Workflows\.cs:\d+$", Assert.Single(await handle.HistoryAsync(), entry => entry.Failed).Source);
        Assert.Equal(WorkflowStatus.Failed, await handle.StatusAsync());
        Assert.Equal(100m, await _user.ScalarAsync<decimal>($"SELECT balance FROM {_user.Schema}.account WHERE id = 1"));
    }

    [Fact]
    public async Task Cancel_WhileAStepWaits_ThrowsCancelled()
    {
        // The row is locked, so the first step waits.
        await using var connection = await _dataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var locking = new NpgsqlCommand("SELECT 1 FROM account WHERE id = 1 FOR UPDATE", connection, transaction);
        await locking.ExecuteNonQueryAsync();
        var handle = await Transfer.StartAsync(_client, new(1, 2, 1m, ""));
        await Poll.UntilAsync("it runs", async () => await handle.StatusAsync() == WorkflowStatus.Running);
        await Assert.ThrowsAsync<TimeoutException>(() => handle.ResultAsync(TimeSpan.FromMilliseconds(1)));

        await handle.CancelAsync("enough");

        var cancelled = await Assert.ThrowsAsync<WorkflowCancelledException>(() => handle.ResultAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal("enough", cancelled.Reason);
        await transaction.RollbackAsync();
        Assert.Equal(100m, await _user.ScalarAsync<decimal>($"SELECT balance FROM {_user.Schema}.account WHERE id = 1"));
    }

    [Fact]
    public async Task Result_OfManyRows_IsTyped()
    {
        var handle = await HostileText.StartAsync(_client, new("🐘 ' \\ \" \n $first.a"));
        var rows = await handle.ResultAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(
            [
                new("it's \"quoted\"", "back\\slash\n", "it's $$ ünquoted 漢字 🐘", "🐘 ' \\ \" \n $first.a"),
                new("ü", "\\", "<&>", "/ \u007f"),
            ],
            rows);
    }
}
