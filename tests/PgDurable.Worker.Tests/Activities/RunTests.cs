using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PgDurable.Worker.Tests.Client;

namespace PgDurable.Worker.Tests.Activities;

/// <summary>Activities that an application runs, from the step that makes the task to the step that uses its result.</summary>
[Collection(WorkerCollection.Name)]
public sealed class RunTests(WorkerFixture fixture) : IAsyncLifetime
{
    readonly Script _script = new();
    ClientUser _user = null!;

    public async Task InitializeAsync() => _user = await ClientUser.CreateAsync(fixture.Cluster);

    public async Task DisposeAsync() => await _user.DisposeAsync();

    [Fact]
    public async Task Run_Completes_NextStepReadsItsResult()
    {
        _script.On("add", (input, _, _) => Json($"{{\"sum\":{input.GetProperty("a").GetInt32() + 1}}}"));
        await using var app = await StartAsync();

        var row = await _user.User.RunGraphAsync(
            """df.seq(df.seq(df.as('SELECT 41 AS a', 'x'), df.as(df.activity('add', '{"a":"$x"}'), 'y')), 'SELECT $y.sum AS sum')""");

        Assert.Equal(42, row.GetProperty("sum").GetInt32());
        var run = Assert.Single(_script.Runs);
        Assert.Equal(("add", 1, 1), (run.Activity, run.Attempt, run.Delivery));
        Assert.NotEqual(Guid.Empty, run.IdempotencyKey);
        Assert.Null(run.Deadline);
    }

    [Fact]
    public async Task Run_ManyTasks_EachRunsOnce()
    {
        _script.On("echo", (input, _, _) => Task.FromResult(input));
        await using var app = await StartAsync();

        await _user.User.ExecuteAsync("""SELECT df.start_graph(df.activity('echo', to_jsonb(n))) FROM generate_series(1, 500) n""");
        await AllEndAsync(500);

        Assert.Equal(500, _script.Count("echo"));
        Assert.Equal(500L, await _user.User.ScalarAsync<long>("SELECT count(DISTINCT df.result(id)) FROM df.instances"));
    }

    [Fact]
    public async Task Fail_Retryable_IsTriedAgainWithTheSameKey()
    {
        _script.On("flaky", (_, context, _) => context.Attempt < 3
            ? throw new ActivityException($"attempt {context.Attempt} failed", "ZX001")
            : Json("\"done\""));
        await using var app = await StartAsync();

        var result = await ResultAsync("df.retry(df.activity('flaky'), 3, 0)");

        Assert.Equal("done", result.GetString());
        Assert.Equal([1, 2, 3], _script.Runs.Select(run => run.Attempt));
        Assert.Single(_script.Runs.Select(run => run.IdempotencyKey).Distinct());
    }

    [Fact]
    public async Task Fail_NotRetryable_EndsTheStepWithItsSqlState()
    {
        _script.On("refuse", (_, _, _) => throw new ActivityException("account closed", "ZX002", isRetryable: false));
        await using var app = await StartAsync();

        var error = await ErrorAsync("df.retry(df.activity('refuse'), 3, 0)");

        Assert.Equal("ZX002", error.GetProperty("sqlstate").GetString());
        Assert.Equal("account closed", error.GetProperty("message").GetString());
        Assert.Equal(1, _script.Count("refuse"));
    }

    [Fact]
    public async Task Fail_AnyException_IsRecordedWithoutItsStackAndLogged()
    {
        _script.On("crash", (_, _, _) => throw new InvalidDataException("no\0pe"));
        await using var app = await StartAsync();

        var error = await ErrorAsync("df.activity('crash')");

        Assert.Equal(DurableErrorCodes.ActivityFailed, error.GetProperty("sqlstate").GetString());
        Assert.Equal("System.IO.InvalidDataException: no\uFFFDpe", error.GetProperty("message").GetString());
        await app.LoggedAsync("activity crash failed with SQLSTATE DF022 (attempt 1, retryable: True)");
    }

    [Fact]
    public async Task Fail_InputDoesNotFit_NamesActivityAndMember()
    {
        var activity = ActivityDefinition.Create<Counter, int>(
            "count", (writer, value) => writer.WriteNumberValue(value), json => json.GetProperty("count").GetInt32());
        await using var app = await ActivityApp.StartAsync(
            services => services.AddSingleton(_user.DataSource).AddPgDurableActivities([activity]), _script);

        var error = await ErrorAsync("""df.retry(df.activity('count', '{"count":"many"}'), 3, 0)""");

        Assert.Equal(PostgresErrorCodes.InvalidParameterValue, error.GetProperty("sqlstate").GetString());
        Assert.StartsWith("The input of activity 'count' can't be read: ", error.GetProperty("message").GetString());
    }

    [Fact]
    public async Task Complete_ResultRefused_FailsThatTaskOnly()
    {
        _script.On("odd", (input, _, _) => Json(input.GetInt32() % 2 == 1 ? "\"\\u0000\"" : "0"));
        await using var app = await StartAsync();

        await _user.User.ExecuteAsync(
            """SELECT df.start_graph(df.retry(df.activity('odd', to_jsonb(n)), 3, 0)) FROM generate_series(1, 20) n""");
        await AllEndAsync(20);

        Assert.Equal(10L, await _user.User.ScalarAsync<long>("SELECT count(*) FROM df.instances WHERE status = 'completed'"));
        Assert.Equal(10L, await _user.User.ScalarAsync<long>(
            "SELECT count(*) FROM df.instances WHERE df.error(id)::json ->> 'sqlstate' = '22023'"));
        Assert.Equal(20, _script.Runs.Count);
    }

    [Fact]
    public async Task Timeout_Passed_CancelsTheActivity()
    {
        _script.On("slow", (_, _, ct) => ForeverAsync(ct));
        await using var app = await StartAsync();

        var error = await ErrorAsync("df.timeout(df.activity('slow'), 1)");

        Assert.Equal(DurableErrorCodes.Timeout, error.GetProperty("sqlstate").GetString());
        await app.LoggedAsync("activity slow was stopped, because its result is no longer wanted (Deadline)");
        Assert.NotNull(_script.Runs.Single().Deadline);
    }

    [Fact]
    public async Task Cancel_OfTheInstance_CancelsTheActivity()
    {
        _script.On("slow", (_, _, ct) => ForeverAsync(ct)).On("other", (_, _, ct) => ForeverAsync(ct));
        await using var app = await StartAsync(options => options.Lease = TimeSpan.FromSeconds(3));
        var other = await _user.User.StartGraphAsync("df.activity('other')");
        var id = await _user.User.StartGraphAsync("df.activity('slow')");
        await _script.BegunAsync("slow");
        await _script.BegunAsync("other");

        await _user.User.ExecuteAsync("SELECT df.cancel($1)", id);

        await app.LoggedAsync("activity slow was stopped, because its result is no longer wanted (Lost)");
        // The extension that failed didn't cost the other one its lease.
        Assert.Equal("running", await _user.User.ScalarAsync<string>("SELECT status FROM df.tasks"));
        await _user.User.ExecuteAsync("SELECT df.cancel($1)", other);
        await app.LoggedAsync("activity other was stopped, because its result is no longer wanted (Lost)");
    }

    [Fact]
    public async Task Progress_Reported_IsShownAndReachesTheNextDelivery()
    {
        var first = true;
        _script.On("long", async (_, context, ct) =>
        {
            if (!first)
                return context.Progress!.Value;
            first = false;
            await Assert.ThrowsAsync<ArgumentException>(() => context.ReportProgressAsync(new string('x', 8192), ct));
            await context.ReportProgressAsync("page 7", ct);
            return await ForeverAsync(ct);
        });
        await using var app = await StartAsync(options => options.ShutdownTimeout = TimeSpan.Zero);
        var id = await _user.User.StartGraphAsync("df.activity('long')");
        await Poll.UntilAsync("the progress is there", async () =>
            await _user.User.ScalarAsync<string>("SELECT coalesce(max(progress::text), '') FROM df.tasks") == "\"page 7\"");

        await app.StopAsync();
        await using var next = await StartAsync();

        Assert.Equal("page 7", (await _user.User.ResultAsync(id)).GetString());
    }

    internal static async Task<JsonElement> ForeverAsync(CancellationToken ct)
    {
        await Task.Delay(Timeout.Infinite, ct);
        return default;
    }

    internal static Task<JsonElement> Json(string json) => Task.FromResult(JsonElement.Parse(json));

    Task<ActivityApp> StartAsync(Action<ActivityOptions>? configure = null) =>
        ActivityApp.StartAsync(_user.DataSource, _script, configure);

    async Task<JsonElement> ResultAsync(string graph) => await _user.User.ResultAsync(await _user.User.StartGraphAsync(graph));

    async Task<JsonElement> ErrorAsync(string graph) => await _user.User.ErrorAsync(await _user.User.StartGraphAsync(graph));

    Task AllEndAsync(int count) => Poll.UntilAsync($"{count} instances have ended", async () =>
        await _user.User.ScalarAsync<long>("SELECT count(*) FROM df.instances WHERE status IN ('completed', 'failed')") == count);

    public sealed class Counter : IActivity<int>
    {
        public Task RunAsync(int input, ActivityContext context, CancellationToken ct) => Task.CompletedTask;
    }
}
