using Npgsql;
using NpgsqlTypes;
using PgDurable.Worker.Engine;

namespace PgDurable.Worker.Store.Sessions;

/// <summary>
/// Records a step's checkpoint in the step's own transaction. Returns <c>false</c> if the step has cancelled its own instance.
/// </summary>
internal sealed class CommitStepCommand
{
    public const string Sql = "SELECT df._commit_step($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";

    private readonly NpgsqlParameter<byte[]> _token = new() { NpgsqlDbType = NpgsqlDbType.Bytea };
    private readonly NpgsqlParameter<int> _worker = new() { NpgsqlDbType = NpgsqlDbType.Integer };
    private readonly NpgsqlParameter<long> _instance = new() { NpgsqlDbType = NpgsqlDbType.Bigint };
    private readonly NpgsqlParameter<int> _node = new() { NpgsqlDbType = NpgsqlDbType.Integer };
    private readonly NpgsqlParameter _path = new() { NpgsqlDbType = NpgsqlDbType.Text };
    private readonly NpgsqlParameter<int> _seq = new() { NpgsqlDbType = NpgsqlDbType.Integer };
    private readonly NpgsqlParameter<int> _attempt = new() { NpgsqlDbType = NpgsqlDbType.Integer };
    private readonly NpgsqlParameter<DateTimeOffset> _finishedAt = new() { NpgsqlDbType = NpgsqlDbType.TimestampTz };
    private readonly NpgsqlParameter _result = new() { NpgsqlDbType = NpgsqlDbType.Json };
    private readonly NpgsqlParameter _columns = new() { NpgsqlDbType = NpgsqlDbType.Json };
    private readonly NpgsqlParameter<bool> _completes = new() { NpgsqlDbType = NpgsqlDbType.Boolean };
    private readonly NpgsqlParameter _outcome = new() { NpgsqlDbType = NpgsqlDbType.Json };

    public CommitStepCommand() => Command = new NpgsqlBatchCommand(Sql)
    {
        // In the order of the function's parameters.
        Parameters = { _token, _worker, _instance, _node, _path, _seq, _attempt, _finishedAt, _result, _columns, _completes, _outcome },
    };

    public NpgsqlBatchCommand Command { get; }

    public void Fill(in CommittedStep step, byte[] token)
    {
        var checkpoint = step.Checkpoint;
        _token.TypedValue = token;
        _worker.TypedValue = step.WorkerId;
        _instance.TypedValue = step.InstanceNo;
        _node.TypedValue = checkpoint.Execution.Node;
        _path.Value = checkpoint.Execution.Path;
        _seq.TypedValue = step.Seq;
        _attempt.TypedValue = checkpoint.Attempt;
        _finishedAt.TypedValue = checkpoint.At;
        _result.Value = checkpoint.Result!.Json;
        _columns.Value = (object?)ResultColumns.Serialize(checkpoint.Result.Columns) ?? DBNull.Value;
        _completes.TypedValue = step.Completes is not null;
        _outcome.Value = (object?)step.OutcomeJson ?? DBNull.Value;
    }
}
