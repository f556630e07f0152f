using Npgsql;
using NpgsqlTypes;

namespace PgDurable;

/// <summary>The connection that tells the database about tasks. Each call is a transaction, and waits for the disk.</summary>
internal sealed class ReportConnection : IAsyncDisposable
{
    private readonly TaskConnection _connection;
    private readonly TaskParameters _completed = new();
    private readonly TaskParameters _extended = new();
    private readonly NpgsqlParameter<string[]> _results = new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Json };
    private readonly NpgsqlParameter<TimeSpan> _lease;
    private NpgsqlCommand _complete = null!;
    private NpgsqlCommand? _extend;
    private NpgsqlCommand? _single;

    private ReportConnection(TaskConnection connection, TimeSpan lease)
    {
        _connection = connection;
        _lease = new() { TypedValue = lease };
    }

    public static async Task<ReportConnection> OpenAsync(NpgsqlDataSource dataSource, ActivityOptions options)
    {
        var keepsSession = options.Listen && DataSources.KeepsSession(dataSource);
        var connection = await TaskConnection.OpenAsync(dataSource, keepsSession, CancellationToken.None).ConfigureAwait(false);
        var result = new ReportConnection(connection, options.Lease);
        try
        {
            result._complete = await connection.CommandAsync(
                TaskSql.CompleteAll, result._completed.Ids, result._completed.Tokens, result._results).ConfigureAwait(false);
            return result;
        }
        catch
        {
            await result.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Completes tasks, all or none.</summary>
    /// <returns>The numbers of those that are lost.</returns>
    public async Task<IReadOnlySet<long>> CompleteAsync(IReadOnlyList<Report.Completion> completions)
    {
        _completed.Set(completions.Select(completion => completion.Run), completions.Count);
        _results.TypedValue = [.. completions.Select(completion => completion.ResultJson)];
        var lost = new HashSet<long>();
        await using var reader = await _complete.ExecuteReaderAsync(CancellationToken.None).ConfigureAwait(false);
        while (await reader.ReadAsync(CancellationToken.None).ConfigureAwait(false))
            lost.Add(reader.GetInt64(0));
        return lost;
    }

    /// <summary>Extends the leases of tasks, all or none.</summary>
    /// <exception cref="PostgresException">One of them is lost (<see cref="DurableErrorCodes.TaskLost"/>).</exception>
    public async Task ExtendAsync(IReadOnlyList<TaskRun> runs)
    {
        _extended.Set(runs, runs.Count);
        _extend ??= await _connection.CommandAsync(TaskSql.ExtendAll, _extended.Ids, _extended.Tokens, _lease).ConfigureAwait(false);
        await _extend.ExecuteNonQueryAsync(CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Tells one thing.</summary>
    /// <exception cref="PostgresException">The task is lost (<see cref="DurableErrorCodes.TaskLost"/>), or the content refused.</exception>
    public async Task TellAsync(Report report)
    {
        var task = report.Run.Task;
        var (sql, parameters) = report switch
        {
            Report.Completion completion => (TaskSql.Complete, (NpgsqlParameter[])[Json(completion.ResultJson)]),
            Report.Failure { What: var what } => (TaskSql.Fail,
                [Text(what.Message), Text(what.SqlState), new NpgsqlParameter<bool> { TypedValue = what.IsRetryable }]),
            Report.Release release => (TaskSql.Release, [new NpgsqlParameter<TimeSpan> { TypedValue = release.Delay }]),
            Report.Progress progress => (TaskSql.Extend,
                [new NpgsqlParameter<TimeSpan> { TypedValue = _lease.TypedValue }, Json(progress.Json)]),
            _ => throw new InvalidOperationException($"{report.GetType()} has no statement."),
        };
        _single ??= new NpgsqlCommand("", _connection.Connection) { CommandTimeout = _complete.CommandTimeout };
        _single.CommandText = sql;
        _single.Parameters.Clear();
        _single.Parameters.Add(new NpgsqlParameter<long> { TypedValue = task.Id });
        _single.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = task.Token });
        _single.Parameters.AddRange(parameters);
        await _single.ExecuteNonQueryAsync(CancellationToken.None).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static NpgsqlParameter<string> Text(string value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter<string> Json(string value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Json };

    /// <summary>The tasks of a statement about several. A parameter belongs to one statement.</summary>
    private sealed class TaskParameters
    {
        public NpgsqlParameter<long[]> Ids { get; } = new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint };

        public NpgsqlParameter<Guid[]> Tokens { get; } = new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid };

        public void Set(IEnumerable<TaskRun> runs, int count)
        {
            var (ids, tokens) = (new long[count], new Guid[count]);
            var i = 0;
            foreach (var run in runs)
                (ids[i], tokens[i++]) = (run.Task.Id, run.Task.Token);
            (Ids.TypedValue, Tokens.TypedValue) = (ids, tokens);
        }
    }
}
