using System.Diagnostics;
using Npgsql;

namespace PgDurable.Worker.Tests.Crash;

/// <summary>
/// Sixteen instances of ten steps at any time. Every step makes three marks: a row that can exist only once, a row that can exist any
/// number of times, and a count, so that what was done twice shows, and what was not done too.
/// </summary>
sealed class Load : IAsyncDisposable
{
    const int Concurrent = 16, Steps = 10, Counters = 64;

    volatile TestUser _user;
    readonly CancellationTokenSource _stop = new();
    readonly Task _feeding;
    int _started;

    Load(TestUser user)
    {
        _user = user;
        _feeding = Task.Run(FeedAsync);
    }

    /// <summary>Instances started so far.</summary>
    public int Started => _started;

    public static async Task<Load> StartAsync(PgCluster cluster)
    {
        var user = await TestUser.CreateAsync(cluster);
        await user.ExecuteAsync(
            $"""
             CREATE TABLE {user.Schema}.effects (instance int, step int, PRIMARY KEY (instance, step));
             CREATE TABLE {user.Schema}.log (instance int, step int, who text);
             CREATE TABLE {user.Schema}.counters (id int PRIMARY KEY, n int NOT NULL) WITH (fillfactor = 20);
             INSERT INTO {user.Schema}.counters SELECT id, 0 FROM generate_series(0, {Counters - 1}) id
             """);
        return new Load(user);
    }

    /// <summary>Waits until so many more instances have been started, which means that nearly as many have ended.</summary>
    public Task MoreAsync(int instances)
    {
        var enough = _started + instances;
        return Poll.UntilAsync($"{instances} more instances are started", () => Task.FromResult(Volatile.Read(ref _started) >= enough));
    }

    /// <summary>Waits for a checkpoint that was not there yet, of a worker that was not either, and returns how long that took.</summary>
    public async Task<TimeSpan> NextCheckpointAsync(int afterWorker)
    {
        var watch = Stopwatch.StartNew();
        await Poll.UntilAsync(
            "the work goes on",
            async () =>
            {
                try
                {
                    return await _user.Cluster.ScalarAsync<bool>(
                        $"SELECT EXISTS (SELECT FROM df.checkpoints WHERE worker_id > {afterWorker})");
                }
                catch (Exception e) when (IsOutage(e))
                {
                    return false;
                }
            },
            TimeSpan.FromSeconds(60));
        return watch.Elapsed;
    }

    /// <summary>The highest number that a worker has had.</summary>
    public Task<int> LastWorkerAsync() => _user.Cluster.ScalarAsync<int>(
        "SELECT greatest((SELECT max(worker_id) FROM df.checkpoints), (SELECT max(worker_id) FROM df.workers), 0)");

    /// <summary>Goes on with another server that has all that this one had.</summary>
    public async Task MoveToAsync(PgCluster cluster)
    {
        var before = _user;
        _user = await TestUser.ExistingAsync(cluster, before.Role, before.Schema);
        await before.DisposeAsync();
    }

    /// <summary>Starts no more, waits for the rest, and checks that everything happened exactly once.</summary>
    public async Task AssertExactlyOnceAsync()
    {
        await _stop.CancelAsync();
        await _feeding;
        await Poll.UntilAsync("the queue is empty", async () =>
            await _user.Cluster.ScalarAsync<long>("SELECT count(*) FROM df.queue") == 0, TimeSpan.FromSeconds(60));

        var expected = (long)_started * Steps;
        var s = _user.Schema;
        Assert.True(_started > 2 * Concurrent, $"only {_started} instances were started: this was no load");
        Assert.Equal(
            $"instances {_started}, completed {_started}, checkpoints {expected}, effects {expected}, log {expected}, distinct {expected}, "
                + $"count {expected}, strangers 0",
            await _user.Cluster.ScalarAsync<string>(
                $"""
                 SELECT format('instances %s, completed %s, checkpoints %s, effects %s, log %s, distinct %s, count %s, strangers %s',
                     (SELECT count(*) FROM df.submissions),
                     (SELECT count(*) FROM df.outcomes WHERE status = 'completed'), (SELECT count(*) FROM df.checkpoints),
                     (SELECT count(*) FROM {s}.effects), (SELECT count(*) FROM {s}.log),
                     (SELECT count(DISTINCT (instance, step)) FROM {s}.log),
                     (SELECT sum(n) FROM {s}.counters), (SELECT count(*) FROM {s}.log WHERE who <> '{_user.Role}'))
                 """));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _feeding;
        await _user.DisposeAsync();
        _stop.Dispose();
    }

    async Task FeedAsync()
    {
        var graph = Graphs.Sequence([.. Enumerable.Range(1, Steps).Select(Step)]);
        NpgsqlConnection? connection = null;
        // A start whose answer got lost may have happened: it counts only after another try.
        var isOpen = false;
        while (isOpen || !_stop.IsCancellationRequested)
        {
            try
            {
                connection ??= await _user.ConnectAsync();
                await using var count = new NpgsqlCommand("SELECT count(*) FROM df.queue", connection);
                var free = Concurrent - (long)(await count.ExecuteScalarAsync())!;
                for (; isOpen || (free > 0 && !_stop.IsCancellationRequested); free--)
                {
                    // When the answer gets lost, the same key is tried again.
                    const string sql = "SELECT df.start_graph($1, input => $2::jsonb, idempotency_key => $3)";
                    await using var start = new NpgsqlCommand(sql, connection)
                    {
                        Parameters =
                        {
                            new() { Value = graph },
                            new() { Value = $$"""{"n":{{_started}}}""" },
                            new() { Value = $"load {_started}" },
                        },
                    };
                    isOpen = true;
                    await start.ExecuteNonQueryAsync();
                    isOpen = false;
                    _started++;
                }
            }
            catch (Exception e) when (IsOutage(e))
            {
                if (connection is not null)
                    await connection.DisposeAsync();
                connection = null;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(5)); // the rate of the load, not a wait for anything
        }
        if (connection is not null)
            await connection.DisposeAsync();
    }

    string Step(int step) =>
        $"""
         WITH e AS (INSERT INTO {_user.Schema}.effects VALUES ($input.n, {step})),
              l AS (INSERT INTO {_user.Schema}.log VALUES ($input.n, {step}, current_user))
         UPDATE {_user.Schema}.counters SET n = n + 1 WHERE id = $input.n % {Counters} RETURNING n
         """;

    static bool IsOutage(Exception e) => e is NpgsqlException or InvalidOperationException or IOException or TimeoutException;
}
