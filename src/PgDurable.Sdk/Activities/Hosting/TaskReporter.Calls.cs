using Npgsql;

namespace PgDurable;

/// <content>The calls.</content>
internal sealed partial class TaskReporter
{
    // Results may be large; one message must not become too large.
    private const int MostCharacters = 4_000_000;

    private async Task TellAsync(ReportConnection connection, bool extends)
    {
        while (NextCompletions() is { Count: > 0 } completions)
            await CompleteAsync(connection, completions).ConfigureAwait(false);
        if (extends)
            await ExtendAsync(connection).ConfigureAwait(false);
        while (_pending.Count > 0)
            await TellAsync(connection, _pending[0]).ConfigureAwait(false);
    }

    private List<Report.Completion> NextCompletions()
    {
        var (completions, characters) = (new List<Report.Completion>(), 0L);
        foreach (var report in _pending)
        {
            if (report is not Report.Completion completion)
                continue;
            characters += completion.ResultJson.Length;
            if (characters > MostCharacters && completions.Count > 0)
                break;
            completions.Add(completion);
        }
        return completions;
    }

    private async Task CompleteAsync(ReportConnection connection, List<Report.Completion> completions)
    {
        IReadOnlySet<long> lost;
        try
        {
            lost = await connection.CompleteAsync(completions).ConfigureAwait(false);
        }
        catch (PostgresException error) when (IsRefusal(error))
        {
            foreach (var completion in completions)
                await TellAsync(connection, completion).ConfigureAwait(false);
            return;
        }
        foreach (var completion in completions)
        {
            var isLost = lost.Contains(completion.Run.Task.Id);
            if (isLost)
                Lose(completion.Run);
            End(completion, isLost);
        }
        _pending.RemoveAll(completions.Contains);
    }

    private async Task TellAsync(ReportConnection connection, Report report)
    {
        try
        {
            await connection.TellAsync(report).ConfigureAwait(false);
            _pending.Remove(report);
            End(report, isLost: false);
        }
        catch (PostgresException error) when (error.SqlState == DurableErrorCodes.TaskLost)
        {
            _pending.Remove(report);
            Lose(report.Run);
            End(report, isLost: true);
        }
        catch (PostgresException error) when (IsRefusal(error))
        {
            _pending.Remove(report);
            Refused(report, error);
        }
    }

    private void Refused(Report report, PostgresException error)
    {
        switch (report)
        {
            case Report.Progress progress:
                progress.Refused(new ArgumentException($"The database refused the progress: {error.MessageText}", error));
                return;
            case Report.Completion completion:
                _pending.Add(new Report.Failure(completion.Run, ActivityFailure.Refused(error)));
                break;
            // The database's encoding may lack a character.
            case Report.Failure { What: var what } failure when what.InAscii() is var ascii && ascii.Message != what.Message:
                _pending.Add(failure with { What = ascii });
                return;
            default:
                running.Settle(report.Run);
                break;
        }
        ActivityLog.Refused(logger, report.Run.Task.InstanceId, report.Run.Task.Activity, error.SqlState, error);
    }

    private async Task ExtendAsync(ReportConnection connection)
    {
        var runs = running.Open().Where(run => !run.IsLost && !run.IsCommitting).ToList();
        if (runs.Count == 0)
            return;
        try
        {
            await connection.ExtendAsync(runs).ConfigureAwait(false);
            var ends = Clock.After(time, options.Lease);
            foreach (var run in runs)
                run.LeaseEnds = ends;
        }
        catch (PostgresException error) when (error.SqlState == DurableErrorCodes.TaskLost && runs.Count == 1)
        {
            Lose(runs[0]);
        }
        catch (PostgresException error) when (error.SqlState == DurableErrorCodes.TaskLost)
        {
            foreach (var run in runs)
                await ExtendAsync(connection, run).ConfigureAwait(false);
        }
    }

    private async Task ExtendAsync(ReportConnection connection, TaskRun run)
    {
        try
        {
            await connection.ExtendAsync([run]).ConfigureAwait(false);
            run.LeaseEnds = Clock.After(time, options.Lease);
        }
        catch (PostgresException error) when (error.SqlState == DurableErrorCodes.TaskLost)
        {
            Lose(run);
        }
    }

    // The content is to blame, so that the same call would fail again.
    private static bool IsRefusal(PostgresException error) => error.SqlState[..2] is "22" or "54";
}
