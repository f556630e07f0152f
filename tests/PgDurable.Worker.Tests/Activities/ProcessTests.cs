using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PgDurable.Worker.Tests.Client;

namespace PgDurable.Worker.Tests.Activities;

/// <summary>Processes that run activities: their limits, their shutdown, and what they do without the database.</summary>
[Collection(WorkerCollection.Name)]
public sealed class ProcessTests(WorkerFixture fixture) : IAsyncLifetime
{
    readonly Script _script = new();
    ClientUser _user = null!;

    public async Task InitializeAsync() => _user = await ClientUser.CreateAsync(fixture.Cluster);

    public async Task DisposeAsync() => await _user.DisposeAsync();

    [Fact]
    public async Task Stop_RunningActivity_FinishesFirst()
    {
        var finish = new TaskCompletionSource<JsonElement>();
        _script.On("slow", (_, _, _) => finish.Task);
        await using var app = await StartAsync();
        var id = await _user.User.StartGraphAsync("df.activity('slow')");
        await _script.BegunAsync("slow");

        var stopped = app.StopAsync();
        await app.LoggedAsync("stops; 1 activities are finishing");
        finish.SetResult(JsonElement.Parse("1"));
        await stopped;

        Assert.Equal(1, (await _user.User.ResultAsync(id)).GetInt32());
    }

    [Fact]
    public async Task Stop_ActivityTakesTooLong_IsCanceledAndRunsElsewhereAtOnce()
    {
        var patience = true;
        _script.On("slow", (input, _, ct) => patience ? RunTests.ForeverAsync(ct) : Task.FromResult(input));
        await using var app = await StartAsync(options => options.ShutdownTimeout = TimeSpan.Zero);
        var id = await _user.User.StartGraphAsync("df.activity('slow', '2')");
        await _script.BegunAsync("slow");

        await app.StopAsync();
        Assert.Equal("waiting", await _user.User.ScalarAsync<string>("SELECT status FROM df.tasks"));
        patience = false;
        await using var next = await StartAsync();

        Assert.Equal(2, (await _user.User.ResultAsync(id)).GetInt32());
        Assert.Equal([1, 1], _script.Runs.Select(run => run.Delivery));
    }

    [Fact]
    public async Task Limits_AreNotExceeded()
    {
        var (now, most) = (new ConcurrentDictionary<string, int>(), new ConcurrentDictionary<string, int>());
        async Task<JsonElement> CountAsync(JsonElement input, ActivityContext context, CancellationToken ct)
        {
            foreach (var name in (string[])[context.Activity, "all"])
            {
                var count = now.AddOrUpdate(name, 1, (_, n) => n + 1);
                most.AddOrUpdate(name, count, (_, n) => Math.Max(n, count));
            }
            await Task.Delay(5, ct);
            foreach (var name in (string[])[context.Activity, "all"])
                now.AddOrUpdate(name, 0, (_, n) => n - 1);
            return input;
        }
        _script.On("free", CountAsync).On("limited", CountAsync);
        await using var app = await StartAsync(options =>
        {
            options.MaxConcurrency = 4;
            options.Limit(Script.Plain("limited"), 1);
        });

        await _user.User.ExecuteAsync(
            "SELECT df.start_graph(df.activity(name)) FROM generate_series(1, 60), unnest(ARRAY['free', 'limited']) name");
        await AllCompleteAsync(120);

        Assert.Equal(1, most["limited"]);
        Assert.Equal(4, most["all"]);
    }

    [Fact]
    public async Task Queues_EachProcessServesItsOwn()
    {
        _script.On("pay", (input, _, _) => Task.FromResult(input));
        await using var app = await StartAsync();
        var queued = await _user.User.StartGraphAsync("df.activity('pay', '1', 'payments')");
        await _user.User.RunGraphToEndAsync("df.activity('pay', '2')");
        Assert.Equal("waiting", await _user.User.ScalarAsync<string>("SELECT status FROM df.tasks"));

        await using var payments = await StartAsync(options => options.Queues = ["payments"]);
        Assert.Equal(1, (await _user.User.ResultAsync(queued)).GetInt32());
    }

    [Fact]
    public async Task TwoProcesses_ShareTheWork()
    {
        var other = new Script();
        // Both have to be at work before either goes on.
        using var both = new Barrier(2);
        foreach (var script in (Script[])[_script, other])
        {
            var meets = 1;
            script.On("work", async (input, _, _) =>
            {
                if (Interlocked.Exchange(ref meets, 0) == 1)
                    await Task.Run(() => Assert.True(both.SignalAndWait(TimeSpan.FromSeconds(20))));
                return input;
            });
        }
        await using var app = await StartAsync(options => options.MaxConcurrency = 2);
        await using var app2 = await ActivityApp.StartAsync(_user.DataSource, other, options => options.MaxConcurrency = 2);

        await _user.User.ExecuteAsync("SELECT df.start_graph(df.activity('work')) FROM generate_series(1, 200)");
        await AllCompleteAsync(200);

        Assert.Equal(200, _script.Count("work") + other.Count("work"));
    }

    [Fact]
    public async Task KeyedDataSource_IsUsed()
    {
        _script.On("keyed", (input, _, _) => Task.FromResult(input));
        await using var app = await ActivityApp.StartAsync(
            services => services.AddKeyedSingleton("main", _user.DataSource).AddKeyedPgDurableActivities("main", _script.Definitions),
            _script);
        Assert.Equal(3, (await _user.User.ResultAsync(await _user.User.StartGraphAsync("df.activity('keyed', '3')"))).GetInt32());
    }

    [Fact]
    public async Task ConnectionsLost_ActivityGoesOnAndCompletes()
    {
        var finish = new TaskCompletionSource<JsonElement>();
        _script.On("slow", (_, _, _) => finish.Task).On("quick", (input, _, _) => Task.FromResult(input));
        await using var app = await StartAsync();
        var id = await _user.User.StartGraphAsync("df.activity('slow')");
        await _script.BegunAsync("slow");

        // No new connections for a while, and none of the old ones.
        await fixture.Cluster.ExecuteAsync($"ALTER ROLE {_user.User.Role} NOLOGIN");
        await fixture.Cluster.ExecuteAsync(
            $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '{_user.User.Role}'");
        await app.LoggedAsync("can't claim tasks");
        finish.SetResult(JsonElement.Parse("1"));
        await app.LoggedAsync("can't record the ends of activities");
        await fixture.Cluster.ExecuteAsync($"ALTER ROLE {_user.User.Role} LOGIN");

        Assert.Equal(1, (await _user.User.ResultAsync(id)).GetInt32());
        Assert.Equal(4, (await _user.User.ResultAsync(await _user.User.StartGraphAsync("df.activity('quick', '4')"))).GetInt32());
        Assert.Equal(1, _script.Count("slow"));
        Assert.Single(app.Log.All, line => line.Contains("can't claim tasks", StringComparison.Ordinal));
    }

    [Fact]
    public async Task LeaseRunsOut_WithoutTheDatabase_CancelsTheActivityWhichRunsAgain()
    {
        _script.On("slow", (input, context, ct) => context.Delivery == 1 ? RunTests.ForeverAsync(ct) : Task.FromResult(input));
        await using var app = await StartAsync(options => options.Lease = TimeSpan.FromSeconds(1));
        var id = await _user.User.StartGraphAsync("df.activity('slow', '5')");
        await _script.BegunAsync("slow");

        await fixture.Cluster.ExecuteAsync($"ALTER ROLE {_user.User.Role} NOLOGIN");
        await fixture.Cluster.ExecuteAsync(
            $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '{_user.User.Role}'");
        await app.LoggedAsync("activity slow was stopped, because its result is no longer wanted (Lost)");
        await fixture.Cluster.ExecuteAsync($"ALTER ROLE {_user.User.Role} LOGIN");

        Assert.Equal(5, (await _user.User.ResultAsync(id)).GetInt32());
        Assert.Equal([1, 2], _script.Runs.Select(run => run.Delivery));
    }

    [Fact]
    public async Task RoleWithoutRights_IsToldWhatToDo_AndWorksAfterwards()
    {
        _script.On("quick", (input, _, _) => Task.FromResult(input));
        await fixture.Cluster.ExecuteAsync($"SELECT df.revoke_usage('{_user.User.Role}')");
        await using var app = await StartAsync();
        await app.LoggedAsync("Run SELECT df.grant_usage('<role>')");

        await fixture.Cluster.ExecuteAsync($"SELECT df.grant_usage('{_user.User.Role}')");
        Assert.Equal(6, (await _user.User.ResultAsync(await _user.User.StartGraphAsync("df.activity('quick', '6')"))).GetInt32());
    }

    [Fact]
    public async Task DatabaseWithoutTheSchema_IsToldWhatToDo()
    {
        _script.On("quick", (input, _, _) => Task.FromResult(input));
        await using var elsewhere = NpgsqlDataSource.Create(fixture.Cluster.ConnectionString("template1"));
        await using var app = await ActivityApp.StartAsync(elsewhere, _script);
        await app.LoggedAsync("CREATE EXTENSION pg_durable");
    }

    [Fact]
    public async Task Lease_OfAnotherProcessRunsOut_IsFoundByPolling()
    {
        _script.On("quick", (input, _, _) => Task.FromResult(input));
        var id = await _user.User.StartGraphAsync("df.activity('quick', '8')");
        await Poll.UntilAsync("another process has claimed the task", async () => await _user.User.ScalarAsync<long>(
            "SELECT count(*) FROM df.claim_tasks(ARRAY['quick'], 1, '1 second')") == 1);

        // Nobody notifies when a lease runs out. Until then, there are about a hundred waits of any fraction of a millisecond.
        await using var app = await StartAsync(options => options.PollInterval = TimeSpan.FromMilliseconds(10));

        Assert.Equal(8, (await _user.User.ResultAsync(id)).GetInt32());
    }

    [Fact]
    public async Task Listen_Off_Polls()
    {
        _script.On("quick", (input, _, _) => Task.FromResult(input));
        await using var app = await StartAsync(options =>
            (options.Listen, options.PollInterval) = (false, TimeSpan.FromMilliseconds(20)));
        Assert.Equal(7, (await _user.User.ResultAsync(await _user.User.StartGraphAsync("df.activity('quick', '7')"))).GetInt32());
        Assert.Equal(0, await _user.SessionsAsync("LISTEN df_task"));
    }

    Task<ActivityApp> StartAsync(Action<ActivityOptions>? configure = null) =>
        ActivityApp.StartAsync(_user.DataSource, _script, configure);

    Task AllCompleteAsync(int count) => Poll.UntilAsync($"{count} instances have completed", async () =>
        await _user.User.ScalarAsync<long>("SELECT count(*) FROM df.instances WHERE status = 'completed'") == count);
}
