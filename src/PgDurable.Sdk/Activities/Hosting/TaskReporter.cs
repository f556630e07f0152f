using Microsoft.Extensions.Logging;
using Npgsql;

namespace PgDurable;

/// <summary>
/// Tells the database how tasks ended, and extends the leases of those that are running, on one connection. What gathers while one call is
/// under way travels with the next one. What can't be delivered is tried again until the task is lost.
/// </summary>
/// <param name="dataSource">The database.</param>
/// <param name="options">The lease.</param>
/// <param name="running">The tasks in hand.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed partial class TaskReporter(
    NpgsqlDataSource dataSource, ActivityOptions options, RunningTasks running, TimeProvider time, ILogger logger)
{
    private readonly Lock _gate = new();
    private readonly WakeSignal _wake = new();
    private readonly Outage _outage = new(logger, "record the ends of activities", time);
    private readonly List<Report> _pending = [];
    private List<Report> _told = [];
    private bool _extends;
    private bool _isLast;

    /// <summary>Adds what the database is to be told.</summary>
    public void Tell(Report report)
    {
        lock (_gate)
            _told.Add(report);
        _wake.Set();
    }

    /// <summary>Asks for an extension of all leases.</summary>
    public void Extend()
    {
        lock (_gate)
            _extends = true;
        _wake.Set();
    }

    /// <summary>Tries again at once, because another connection has reached the database.</summary>
    public void TryNow() => _outage.TryNow();

    /// <summary>Ends the loop once everything is told.</summary>
    public void Finish()
    {
        lock (_gate)
            _isLast = true;
        _wake.Set();
    }

    /// <summary>Notes that a task is lost.</summary>
    public void Lose(TaskRun run)
    {
        if (!run.Lose())
            return;
        ActivityTelemetry.Lost(run);
        // A deadline that has passed explains it.
        if (run.Reason != StopReason.Deadline)
            ActivityLog.LeaseLost(logger, run.Task.InstanceId, run.Task.Activity);
    }

    /// <summary>Runs until <see cref="Finish"/> was called and everything is told or lost.</summary>
    public async Task RunAsync()
    {
        ReportConnection? connection = null;
        while (true)
        {
            if (_pending.Count == 0)
                await _wake.WaitAsync(CancellationToken.None).ConfigureAwait(false);
            var (extends, isLast) = Take();
            try
            {
                if (_pending.Count > 0 || extends)
                {
                    connection ??= await ReportConnection.OpenAsync(dataSource, options).ConfigureAwait(false);
                    await TellAsync(connection, extends).ConfigureAwait(false);
                    _outage.Over();
                }
                if (isLast && _pending.Count == 0)
                    break;
            }
            catch (Exception exception)
            {
                if (connection is not null)
                    await DropAsync(connection).ConfigureAwait(false);
                connection = null;
                await _outage.FailedAsync(exception, CancellationToken.None).ConfigureAwait(false);
                // Tried again even if there is nothing to tell: the connection is needed soon.
                if (extends)
                    Extend();
            }
        }
        if (connection is not null)
            await DropAsync(connection).ConfigureAwait(false);
    }

    private (bool Extends, bool IsLast) Take()
    {
        bool extends, isLast;
        lock (_gate)
        {
            _pending.AddRange(_told);
            _told = [];
            (extends, _extends, isLast) = (_extends, false, _isLast);
        }
        _pending.RemoveAll(report =>
        {
            if (!report.Run.IsLost)
                return false;
            if (report is not Report.Progress)
                ActivityLog.NotRecorded(logger, report.Run.Task.InstanceId, report.Run.Task.Activity);
            End(report, isLost: true);
            return true;
        });
        return (extends, isLast && _told.Count == 0);
    }

    private void End(Report report, bool isLost)
    {
        if (isLost)
            report.Lost();
        else if (report is Report.Progress progress)
            progress.Done();
        if (report is not Report.Progress)
            running.Settle(report.Run);
    }

    private static async Task DropAsync(ReportConnection connection)
    {
        try
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException)
        {
            // It is broken.
        }
    }
}
