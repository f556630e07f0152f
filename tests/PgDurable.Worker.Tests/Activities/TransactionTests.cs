using System.Text.Json;
using Npgsql;
using PgDurable.Worker.Tests.Client;

namespace PgDurable.Worker.Tests.Activities;

/// <summary>Transactional activities: their writes and the step's completion are one transaction.</summary>
[Collection(WorkerCollection.Name)]
public sealed class TransactionTests(WorkerFixture fixture) : IAsyncLifetime
{
    readonly Script _script = new();
    ClientUser _user = null!;

    public async Task InitializeAsync()
    {
        _user = await ClientUser.CreateAsync(fixture.Cluster);
        await _user.User.ExecuteAsync($"CREATE TABLE {_user.User.Schema}.effects (n integer)");
    }

    public async Task DisposeAsync() => await _user.DisposeAsync();

    [Fact]
    public async Task Run_Completes_WritesAndResultCommit()
    {
        _script.OnTransaction("write", async (input, transaction, _, ct) =>
        {
            await InsertAsync(transaction, input.GetInt32(), ct);
            return input;
        });
        await using var app = await StartAsync();

        Assert.Equal(7, (await _user.User.ResultAsync(await _user.User.StartGraphAsync("df.activity('write', '7')"))).GetInt32());
        Assert.Equal(1, await _user.User.CountAsync("effects"));
    }

    [Fact]
    public async Task Run_Fails_NothingIsWritten()
    {
        _script.OnTransaction("write", async (_, transaction, context, ct) =>
        {
            await InsertAsync(transaction, context.Attempt, ct);
            return context.Attempt < 2 ? throw new InvalidOperationException("no") : JsonElement.Parse("null");
        });
        await using var app = await StartAsync();

        await _user.User.RunGraphToEndAsync("df.retry(df.activity('write'), 2, 0)");

        Assert.Equal(2, await _user.User.ScalarAsync<int>($"SELECT min(n) FROM {_user.User.Schema}.effects"));
        Assert.Equal(1, await _user.User.CountAsync("effects"));
    }

    [Fact]
    public async Task Run_StatementFails_HasItsSqlStateAndIsNotRetried()
    {
        _script.OnTransaction("divide", async (_, transaction, _, ct) =>
        {
            await ExecuteAsync(transaction, "SELECT 1 / 0", ct);
            return default;
        });
        await using var app = await StartAsync();

        var error = await ErrorAsync("df.retry(df.activity('divide'), 3, 0)");

        Assert.Equal("22012", error.GetProperty("sqlstate").GetString());
        Assert.Equal("division by zero", error.GetProperty("message").GetString());
        Assert.Equal(1, _script.Count("divide"));
    }

    [Fact]
    public async Task Run_CommitFails_HasItsSqlState()
    {
        await _user.User.ExecuteAsync(
            $"CREATE TABLE {_user.User.Schema}.once (n integer UNIQUE DEFERRABLE INITIALLY DEFERRED)");
        _script.OnTransaction("twice", async (input, transaction, _, ct) =>
        {
            await ExecuteAsync(transaction, "INSERT INTO once VALUES (1), (1)", ct);
            return input;
        });
        await using var app = await StartAsync();

        Assert.Equal("23505", (await ErrorAsync("df.activity('twice')")).GetProperty("sqlstate").GetString());
    }

    [Theory]
    [InlineData("commit", "committed its transaction, or rolled it back")]
    [InlineData("rollback", "committed its transaction, or rolled it back")]
    [InlineData("sql-commit", "committed its transaction, or rolled it back")]
    [InlineData("close", "closed its connection")]
    [InlineData("swallow", "went on although a statement of its transaction had failed")]
    public async Task Run_EndsItsTransactionItself_FailsWithAClearError(string name, string message)
    {
        _script.OnTransaction(name, async (input, transaction, _, ct) =>
        {
            switch (name)
            {
                case "commit":
                    await transaction.CommitAsync(ct);
                    break;
                case "rollback":
                    await transaction.RollbackAsync(ct);
                    break;
                case "sql-commit":
                    await ExecuteAsync(transaction, "COMMIT", ct);
                    break;
                case "close":
                    await transaction.Connection!.CloseAsync();
                    break;
                case "swallow":
                    await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(transaction, "SELECT 1 / 0", ct));
                    break;
            }
            return input;
        });
        await using var app = await StartAsync();

        var error = await ErrorAsync($"df.retry(df.activity('{name}'), 3, 0)");

        Assert.Contains(message, error.GetProperty("message").GetString());
        Assert.Equal(1, _script.Count(name));
    }

    [Fact]
    public async Task Run_TaskIsLost_RollsBack()
    {
        var ready = new TaskCompletionSource();
        _script.OnTransaction("write", async (input, transaction, _, ct) =>
        {
            await InsertAsync(transaction, 1, ct);
            await ready.Task;
            return input;
        });
        await using var app = await StartAsync();
        var id = await _user.User.StartGraphAsync("df.activity('write')");
        await _script.BegunAsync("write");
        await _user.User.ExecuteAsync("SELECT df.cancel($1)", id);
        ready.SetResult();

        await app.LoggedAsync("activity write was stopped, because its result is no longer wanted (Lost)");
        Assert.Equal(0, await _user.User.CountAsync("effects"));
    }

    [Fact]
    public async Task Run_ConnectionsAreKilledAtRandom_EachHasItsEffectOnce()
    {
        const int Activities = 300;
        _script.OnTransaction("write", async (input, transaction, _, ct) =>
        {
            await InsertAsync(transaction, input.GetInt32(), ct);
            await ExecuteAsync(transaction, "SELECT pg_sleep(0.02)", ct);
            return input;
        });
        await using var app = await StartAsync(options =>
            (options.MaxConcurrency, options.Lease, options.PollInterval) =
                (8, TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(100)));

        await _user.User.ExecuteAsync($"SELECT df.start_graph(df.activity('write', to_jsonb(n))) FROM generate_series(1, {Activities}) n");
        var (killed, seen) = (0L, 0L);
        await Poll.UntilAsync("all have ended", async () =>
        {
            // One connection of the application after every ten effects, whatever it is doing; in the end, it is left alone.
            if (await _user.User.CountAsync("effects") is var effects && effects >= seen + 10 && effects < Activities - 20)
            {
                seen = effects;
                killed += await fixture.Cluster.ScalarAsync<long>(
                    "SELECT count(pg_terminate_backend(pid)) FROM (SELECT pid FROM pg_stat_activity "
                        + $"WHERE application_name = '{_user.User.Role}' ORDER BY random() LIMIT 1) p");
            }
            return await _user.User.ScalarAsync<long>("SELECT count(*) FROM df.instances WHERE status NOT IN ('pending', 'running')")
                == Activities;
        }, TimeSpan.FromSeconds(60));

        Assert.Equal(0L, await _user.User.ScalarAsync<long>("SELECT count(*) FROM df.instances WHERE status <> 'completed'"));
        Assert.Equal(Activities, await _user.User.CountAsync("effects"));
        Assert.Equal(Activities, await _user.User.ScalarAsync<long>($"SELECT count(DISTINCT n) FROM {_user.User.Schema}.effects"));
        Assert.True(killed > 10, $"{killed} connections were killed");
    }

    static Task InsertAsync(NpgsqlTransaction transaction, int n, CancellationToken ct) =>
        ExecuteAsync(transaction, $"INSERT INTO effects VALUES ({n})", ct);

    static async Task ExecuteAsync(NpgsqlTransaction transaction, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, transaction.Connection, transaction);
        await command.ExecuteNonQueryAsync(ct);
    }

    Task<ActivityApp> StartAsync(Action<ActivityOptions>? configure = null) =>
        ActivityApp.StartAsync(_user.DataSource, _script, configure);

    async Task<JsonElement> ErrorAsync(string graph) => await _user.User.ErrorAsync(await _user.User.StartGraphAsync(graph));
}
