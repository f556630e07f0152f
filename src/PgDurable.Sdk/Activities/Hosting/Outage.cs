using Microsoft.Extensions.Logging;
using Npgsql;

namespace PgDurable;

/// <summary>Counts failures of one loop in a row: logs the first one, and makes the pauses longer.</summary>
/// <param name="logger">The log.</param>
/// <param name="what">What the loop does: <c>claim tasks</c>.</param>
/// <param name="time">The clock.</param>
internal sealed class Outage(ILogger logger, string what, TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private readonly WakeSignal _now = new();
    private TimeSpan _pause;

    public bool IsOn => _pause > TimeSpan.Zero;

    /// <summary>Notes a failure, and waits before the next try, or until it is canceled.</summary>
    public async Task FailedAsync(Exception exception, CancellationToken ct)
    {
        var reason = exception is PostgresException error && SetupProblem.Of(error) is { } problem
            ? $"{error.SqlState}: {error.MessageText}. {problem}"
            : exception.Message;
        if (IsOn)
            ActivityLog.StillNoDatabase(logger, what, reason);
        else
            ActivityLog.NoDatabase(logger, what, reason, exception);
        _pause = !IsOn ? First : _pause * 2 < Longest ? _pause * 2 : Longest;
        // Processes that lost the server together come back one after the other.
        var pause = _pause * (0.75 + (Random.Shared.NextDouble() / 4));
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await Task.WhenAny(Task.Delay(pause, time, over.Token), _now.WaitAsync(over.Token)).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
    }

    /// <summary>Notes that all is well.</summary>
    /// <returns>Whether that is news.</returns>
    public bool Over()
    {
        if (!IsOn)
            return false;
        _pause = TimeSpan.Zero;
        ActivityLog.DatabaseBack(logger, what);
        return true;
    }

    /// <summary>Ends the pause, because another loop has reached the database.</summary>
    public void TryNow() => _now.Set();
}
