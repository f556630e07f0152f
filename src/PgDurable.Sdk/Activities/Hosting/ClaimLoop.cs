using Microsoft.Extensions.Logging;
using Npgsql;

namespace PgDurable;

/// <summary>Claims tasks as long as there is room for them, and hands them over.</summary>
/// <param name="dataSource">The database.</param>
/// <param name="options">The limits and times.</param>
/// <param name="groups">What is claimed.</param>
/// <param name="running">The room for tasks.</param>
/// <param name="reporter">Told when the database is back.</param>
/// <param name="start">Starts claimed tasks; the timestamp says when their leases have certainly run out.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed class ClaimLoop(
    NpgsqlDataSource dataSource, ActivityOptions options, ClaimGroup[] groups, RunningTasks running, TaskReporter reporter,
    Action<List<ClaimedTask>, long> start, TimeProvider time, ILogger logger)
{
    private readonly Outage _outage = new(logger, "claim tasks", time);
    private int _turn;

    /// <summary>Claims until the application stops. A claim that is under way then ends first.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await using var connection =
                    await ClaimConnection.OpenAsync(dataSource, options, time, Tell, stopping).ConfigureAwait(false);
                foreach (var group in groups)
                    group.Reset();
                await ServeAsync(connection, stopping).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                await _outage.FailedAsync(exception, stopping).ConfigureAwait(false);
            }
        }
    }

    private void Tell(string activity)
    {
        foreach (var group in groups)
            group.Tell(activity);
    }

    private async Task ServeAsync(ClaimConnection connection, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            if (running.Room() == 0)
            {
                await running.Freed.WaitAsync(stopping).ConfigureAwait(false);
                continue;
            }

            // Each group gets its turn to be the first, because the first one may take all the room.
            _turn = (_turn + 1) % groups.Length;
            var (claimed, lacksRoom) = (false, false);
            for (var i = 0; i < groups.Length && !stopping.IsCancellationRequested; i++)
            {
                var group = groups[(_turn + i) % groups.Length];
                if (Clock.Until(time, group.RestsUntil) > TimeSpan.Zero)
                    continue;
                if (running.Room(group.Limited) is var room && room == 0)
                {
                    lacksRoom = true;
                    continue;
                }
                await group.ClaimAsync(connection, room, start, NextPoll).ConfigureAwait(false);
                if (_outage.Over())
                    reporter.TryNow();
                claimed = true;
            }
            if (!claimed)
                await WaitAsync(connection, lacksRoom, stopping).ConfigureAwait(false);
        }
    }

    private async Task WaitAsync(ClaimConnection connection, bool lacksRoom, CancellationToken stopping)
    {
        var limit = groups.Select(group => Clock.Until(time, group.RestsUntil)).Where(left => left > TimeSpan.Zero)
            .DefaultIfEmpty(options.PollInterval).Min();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var waits = connection.WaitAsync(limit, over.Token);
        if (!lacksRoom)
        {
            await waits.ConfigureAwait(false);
            return;
        }

        var freed = running.Freed.WaitAsync(over.Token);
        await Task.WhenAny(waits, freed).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        foreach (var task in (Task[])[waits, freed])
        {
            try
            {
                await task.ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
            {
                // The other one came first.
            }
        }
    }

    private long NextPoll() => Clock.After(time, options.PollInterval * (0.75 + (Random.Shared.NextDouble() / 2)));
}
