using Npgsql;
using PgDurable.Graph;
using PgDurable.Sql;
using PgDurable.Worker.Engine;

namespace PgDurable.Worker.Store.Sessions;

/// <summary>
/// The row of a response's body: written as the submitting role, in the transaction of the step's checkpoint where the table is in the
/// worker's own database.
/// </summary>
internal sealed class SinkWrite
{
    /// <summary>How long it may take. Somebody may hold a lock on the table forever.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <param name="row">What to write.</param>
    /// <param name="result">The step's result once it is written.</param>
    public SinkWrite(SinkRow row, StepResult result)
    {
        (Row, Result) = (row, result);
        var (schema, name) = HttpOptionsReader.SinkTable(row.Table);
        Table = $"{SqlQuote.Identifier(schema)}.{SqlQuote.Identifier(name)}";
    }

    public SinkRow Row { get; }

    public StepResult Result { get; }

    /// <summary>The table, quoted.</summary>
    public string Table { get; }

    /// <summary>The statement, without the values.</summary>
    public string Sql => $"INSERT INTO {Table} (sink_key, body) VALUES ($1, $2)";

    /// <summary>Why it failed, without the server's message, which may quote the body.</summary>
    public StepError Describe(Exception e) => e switch
    {
        SinkException own => new StepError($"HTTP response sink {Row.Table}: {own.Message}", DurableErrorCodes.HttpSinkFailed),
        PostgresException server => new StepError($"HTTP response sink {Row.Table}: SQLSTATE {server.SqlState}", server.SqlState),
        _ => new StepError($"HTTP response sink {Row.Table}: {e.GetType().Name}", PostgresErrorCodes.InternalError),
    };
}

/// <summary>The row of a response's body is not there as it was sent.</summary>
internal sealed class SinkException(string message) : Exception(message);
