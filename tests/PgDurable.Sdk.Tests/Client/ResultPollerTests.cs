namespace PgDurable.Sdk.Tests.Client;

public sealed class ResultPollerTests
{
    private const string Id = "0a1b2c3d";

    private readonly ManualTime _time = new();

    [Fact]
    public async Task Wait_UntilCompleted_ReturnsTheResultAfterGrowingDelays()
    {
        var result = await WaitAsync([.. Enumerable.Repeat(new InstanceState("running", null, null), 7), new("completed", "{}", null)]);

        Assert.Equal("{}", result);
        Assert.Equal([10, 20, 40, 80, 160, 250, 250], _time.Delays.Select(delay => delay.TotalMilliseconds));
    }

    [Fact]
    public async Task Wait_Failed_ThrowsWhatTheDatabaseSays()
    {
        var error = await Assert.ThrowsAsync<WorkflowFailedException>(() => WaitAsync([new("failed", null,
            """{"message":"boom","sqlstate":"23505","detail":"d","hint":"h","node":"00000003","step":"order","attempt":1"""
                + ""","sql":"SELECT 1"}""")]));

        Assert.Equal((Id, "boom", "23505", "order"), (error.InstanceId, error.Reason, error.SqlState, error.Step));
        Assert.Equal(("d", "h", "SELECT 1"), (error.Detail, error.Hint, error.Sql));
        Assert.Equal("Workflow instance '0a1b2c3d' failed at step 'order': boom (SQLSTATE 23505)\nDetail: d\nHint: h", error.Message);
    }

    [Fact]
    public async Task Wait_FailedStepWithSource_NamesFileAndLine()
    {
        var error = await Assert.ThrowsAsync<WorkflowFailedException>(() => WaitAsync([new("failed", null,
            """{"message":"boom","step":"order","source":"Orders/Approval.cs:21"}""")]));

        Assert.Equal("Orders/Approval.cs:21", error.SourceLocation);
        Assert.Equal("Workflow instance '0a1b2c3d' failed at step 'order' (Orders/Approval.cs:21): boom", error.Message);
    }

    [Fact]
    public async Task Wait_Cancelled_ThrowsTheReason()
    {
        var error = await Assert.ThrowsAsync<WorkflowCancelledException>(
            () => WaitAsync([new("cancelled", null, """{"message":"canceled: no longer needed"}""")]));

        Assert.Equal("no longer needed", error.Reason);
    }

    [Fact]
    public async Task Wait_Unknown_Throws()
    {
        var error = await Assert.ThrowsAsync<WorkflowNotFoundException>(() => WaitAsync([default]));

        Assert.Equal(Id, error.InstanceId);
    }

    [Fact]
    public async Task Wait_BeforeTheTransactionCommitted_SaysToCommit()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => WaitAsync([default], boundToTransaction: true));

        Assert.Contains("Commit the transaction first", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wait_AfterTheTransactionCommitted_ReturnsTheResult() =>
        Assert.Equal("{}", await WaitAsync([new("completed", "{}", null)], boundToTransaction: true));

    [Fact]
    public async Task Wait_LongerThanTheTimeout_ThrowsAtTheTimeout()
    {
        var error = await Assert.ThrowsAsync<TimeoutException>(
            () => WaitAsync(Enumerable.Repeat(new InstanceState("pending", null, null), 100), timeout: TimeSpan.FromMilliseconds(100)));

        Assert.Contains("still pending", error.Message, StringComparison.Ordinal);
        Assert.Equal([10, 20, 40, 30], _time.Delays.Select(delay => delay.TotalMilliseconds));
    }

    [Fact]
    public async Task Wait_Cancelled_ByTheCaller_Ends() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => new ResultPoller(_ => Task.FromResult(new InstanceState("running", null, null)), TimeProvider.System, new())
                .WaitAsync(Id, boundToTransaction: false, timeout: null, new(canceled: true)));

    private Task<string?> WaitAsync(IEnumerable<InstanceState> states, bool boundToTransaction = false, TimeSpan? timeout = null)
    {
        var looks = new Queue<InstanceState>(states);
        return new ResultPoller(_ => Task.FromResult(looks.Dequeue()), _time, new())
            .WaitAsync(Id, boundToTransaction, timeout, CancellationToken.None);
    }
}
