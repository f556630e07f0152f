using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace PgDurable.Worker.Tests.Client;

/// <summary>Waits for the end of an instance: by notification, and without.</summary>
[Collection(WorkerCollection.Name)]
public sealed class WaitTests(WorkerFixture fixture)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // Whoever listens has no other way to learn of an end before a test's patience is over.
    static DurableClientOptions NotificationOnly =>
        new() { PollInterval = TimeSpan.FromMinutes(1), ListeningPollInterval = TimeSpan.FromHours(1) };

    static DurableClientOptions SeldomPolling => new() { ListeningPollInterval = TimeSpan.FromHours(1) };

    [Fact]
    public async Task Wait_ManyAtOnce_AreNotifiedOnOneConnectionThatIsGivenBack()
    {
        await using var user = await ClientUser.CreateAsync(fixture.Cluster, NotificationOnly);
        var runs = new List<WorkflowHandle>();
        for (var i = 0; i < 8; i++)
            runs.Add(await user.Client.StartAsync(Df.WaitForSignal("go")));
        var waits = runs.ConvertAll(run => run.WaitAsync(Patience));
        await Poll.UntilAsync("all are watched", async () => await WatchedAsync(runs) == runs.Count);
        Assert.Equal(1, await user.SessionsAsync("LISTEN df_ended"));

        foreach (var run in runs)
            await run.SignalAsync("go");
        await Task.WhenAll(waits);

        await Poll.UntilAsync("nobody listens", async () => await user.SessionsAsync("LISTEN df_ended") == 0);
    }

    [Fact]
    public async Task Wait_AfterAnotherOne_ListensAgain()
    {
        await using var user = await ClientUser.CreateAsync(fixture.Cluster, NotificationOnly);
        for (var i = 0; i < 3; i++)
        {
            var run = await user.Client.StartAsync(Df.WaitForSignal("go"));
            var wait = run.WaitAsync(Patience);
            await Poll.UntilAsync("it is watched", async () => await WatchedAsync([run]) == 1);
            await run.CancelAsync("enough");
            Assert.Equal("enough", (await Assert.ThrowsAsync<WorkflowCancelledException>(() => wait)).Reason);
        }
    }

    [Fact]
    public async Task Wait_GivenUp_LeavesTheOthersListening()
    {
        await using var user = await ClientUser.CreateAsync(fixture.Cluster, NotificationOnly);
        var run = await user.Client.StartAsync(Df.WaitForSignal("go"));
        using var stop = new CancellationTokenSource();
        var given = run.WaitAsync(ct: stop.Token);
        var kept = run.WaitAsync(Patience);
        await Poll.UntilAsync("it is watched", async () => await WatchedAsync([run]) > 0);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        await run.SignalAsync("go");
        await kept;
    }

    [Fact]
    public async Task Wait_ListenerIsKilled_PollsOn()
    {
        await using var user = await ClientUser.CreateAsync(fixture.Cluster, SeldomPolling);
        var run = await user.Client.StartAsync(Df.WaitForSignal("go"));
        var wait = run.WaitAsync(Patience);
        await Poll.UntilAsync("it is watched", async () => await WatchedAsync([run]) == 1);
        await fixture.Cluster.ExecuteAsync(
            $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '{user.User.Role}' "
                + "AND query = 'LISTEN df_ended'");
        await run.SignalAsync("go");
        await wait;
    }

    [Fact]
    public async Task Wait_WithoutListening_Polls()
    {
        await using var user =
            await ClientUser.CreateAsync(fixture.Cluster, new() { Listen = false, PollInterval = TimeSpan.FromMilliseconds(1) });
        var run = await user.Client.StartAsync(Df.WaitForSignal("go"));
        var wait = run.WaitAsync(Patience);
        await user.User.WaitingAsync(run.InstanceId, "SIGNAL");
        await run.SignalAsync("go");
        await wait;
        Assert.Equal(0, await WatchedAsync([run]));
    }

    [Fact]
    public async Task Wait_ServerThatCannotWatch_Polls()
    {
        await using var user = await ClientUser.CreateAsync(fixture.Cluster, SeldomPolling);
        await fixture.Cluster.ExecuteAsync($"REVOKE EXECUTE ON FUNCTION df.watch(text) FROM {user.User.Role}");
        var run = await user.Client.StartAsync(Df.WaitForSignal("go"));
        var wait = run.WaitAsync(Patience);
        await Poll.UntilAsync("it has tried to listen", async () => await user.SessionsAsync("UNLISTEN df_ended") > 0);
        await run.SignalAsync("go");
        await wait;
    }

    [Fact]
    public async Task Wait_UnannouncedEnd_StopsTrustingNotifications()
    {
        await using var user =
            await ClientUser.CreateAsync(fixture.Cluster, new() { ListeningPollInterval = TimeSpan.FromMilliseconds(20) });
        var run = await user.Client.StartAsync(Df.WaitForSignal("go"));
        var wait = run.WaitAsync(Patience);
        await Poll.UntilAsync("it is watched", async () => await WatchedAsync([run]) == 1);
        await fixture.Cluster.ExecuteAsync(
            $"DELETE FROM df.watches WHERE instance_no = (SELECT instance_no FROM df.submissions WHERE id = '{run.InstanceId}')");
        await run.SignalAsync("go");
        await wait;

        var next = await user.Client.StartAsync(Df.WaitForSignal("go"));
        await Assert.ThrowsAsync<TimeoutException>(() => next.WaitAsync(TimeSpan.FromMilliseconds(500)));
        Assert.Equal(0, await WatchedAsync([next]));
        await next.CancelAsync();
    }

    [Fact]
    public async Task StartAndWait_AreMeasuredWithoutValues()
    {
        await using var user = await ClientUser.CreateAsync(fixture.Cluster);
        var seen = new List<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == "PgDurable.Client")
                l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) =>
        {
            lock (seen)
                seen.Add($"{instrument.Name} {string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))}");
        });
        listener.Start();
        var run = await user.Client.StartAsync("SELECT 1/0");
        await Assert.ThrowsAsync<WorkflowFailedException>(() => run.WaitAsync(Patience));
        await Assert.ThrowsAsync<WorkflowStateException>(() => run.PauseAsync());
        lock (seen)
        {
            Assert.Contains("pgdurable.client.call.duration pgdurable.operation=start", seen);
            Assert.Contains("pgdurable.client.call.duration pgdurable.operation=pause error.type=DF015", seen);
            Assert.Contains("pgdurable.client.wait.duration pgdurable.outcome=failed", seen);
        }
    }

    [Fact]
    public async Task StartAndSignal_AreSpansWithTheInstance()
    {
        await using var user = await ClientUser.CreateAsync(fixture.Cluster);
        var spans = new List<Activity>();
        using var parent = new Activity("test").Start();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "PgDurable.Client",
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                if (span.TraceId != parent.TraceId)
                    return;
                lock (spans)
                    spans.Add(span);
            },
        };
        ActivitySource.AddActivityListener(listener);
        await user.User.ExecuteAsync("SELECT df.register_workflow('traced', df.wait_for_signal('go'))");
        var run = await user.Client.StartByNameAsync("traced");
        await run.SignalAsync("go", "\"secret\"");
        await Assert.ThrowsAsync<WorkflowStateException>(() => run.RetryAsync());

        Assert.Equal(["start traced", "signal", "retry"], spans.Select(span => span.DisplayName));
        Assert.All(spans, span => Assert.Equal(run.InstanceId, span.GetTagItem("pgdurable.instance.id")));
        Assert.Equal(["traced", null, null], spans.Select(span => span.GetTagItem("pgdurable.workflow.name")));
        Assert.Equal((ActivityStatusCode.Error, "DF015"), (spans[2].Status, spans[2].GetTagItem("error.type")));
        Assert.DoesNotContain(spans, span => span.TagObjects.Any(tag => $"{tag.Value}".Contains("secret", StringComparison.Ordinal)));
    }

    Task<long> WatchedAsync(IEnumerable<WorkflowHandle> runs) => fixture.Cluster.ScalarAsync<long>(
        "SELECT count(DISTINCT instance_no) FROM df.watches JOIN df.submissions USING (instance_no) "
            + $"WHERE id IN ('{string.Join("','", runs.Select(run => run.InstanceId))}')");
}
