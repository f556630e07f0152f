using System.Security.Cryptography;
using Npgsql;
using NpgsqlTypes;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Execution;

namespace PgDurable.Worker.Store;

/// <summary>
/// A connection for one statement whose effect does not commit together with its checkpoint: of another database, or one that PostgreSQL refuses in a transaction
/// block. Closed afterwards, so that nothing that the statement did to its session matters.
/// </summary>
internal sealed class OutsideSession : IAsyncDisposable
{
    // The C module is loaded in every database; its functions are made known where there is no extension, in a schema that ends with the session.
    private const string MakeSandbox = """
        CREATE FUNCTION pg_temp.df_open_session(bytea) RETURNS void LANGUAGE c VOLATILE STRICT AS 'pg_durable', 'pg_durable_open_session';
        CREATE FUNCTION pg_temp.df_enter(oid) RETURNS void LANGUAGE c VOLATILE STRICT AS 'pg_durable', 'pg_durable_enter';
        CREATE FUNCTION pg_temp.df_in_sandbox(bytea) RETURNS boolean LANGUAGE c VOLATILE STRICT AS 'pg_durable', 'pg_durable_in_sandbox';
        REVOKE ALL ON FUNCTION pg_temp.df_open_session(bytea), pg_temp.df_enter(oid) FROM PUBLIC;
        """;

    private const string OpenSession = "SELECT pg_temp.df_open_session($1)";
    private const string Enter = "SELECT pg_temp.df_enter($1)";
    private const string Seal = "SELECT pg_temp.df_in_sandbox($1)";

    // Without the module the worker runs the steps of the role that it is logged in as, and of no other.
    private const string EnterNobody = "SELECT $1";

    private const string MayConnect =
        "SELECT COALESCE(pg_catalog.has_database_privilege($1, pg_catalog.current_database(), 'CONNECT'), true)";

    // One statement, bound before it takes effect: the last thing that it sets is who the session is, and the search_path that it sets finds nothing of the worker's.
    // The defaults are those that a login of the role would have.
    private const string Become = """
        SELECT pg_catalog.set_config(s.name, s.value, false)
          FROM (SELECT 1 AS place, d.setdatabase OPERATOR(pg_catalog.<>) 0 AS of_database, d.setrole OPERATOR(pg_catalog.<>) 0 AS of_role,
                       pg_catalog.split_part(c.setting, '=', 1) AS name, pg_catalog.substr(c.setting, pg_catalog.strpos(c.setting, '=') OPERATOR(pg_catalog.+) 1) AS value
                  FROM pg_catalog.pg_db_role_setting d CROSS JOIN LATERAL pg_catalog.unnest(d.setconfig) AS c(setting)
                 WHERE d.setrole OPERATOR(pg_catalog.=) ANY (ARRAY[0::pg_catalog.oid, $1])
                   AND d.setdatabase OPERATOR(pg_catalog.=) ANY (ARRAY[0::pg_catalog.oid, (SELECT b.oid FROM pg_catalog.pg_database b WHERE b.datname OPERATOR(pg_catalog.=) pg_catalog.current_database())])
                UNION ALL
                SELECT 2, false, false, 'session_authorization', r.rolname
                  FROM pg_catalog.pg_roles r WHERE r.oid OPERATOR(pg_catalog.=) $1) s
         WHERE s.place OPERATOR(pg_catalog.=) 2 OR s.name OPERATOR(pg_catalog.<>) ALL (ARRAY['session_authorization', 'role', 'client_encoding'])
         ORDER BY s.place, s.of_role, s.of_database
        """;

    private readonly NpgsqlConnection _connection;
    private readonly bool _sandboxed;

    private OutsideSession(NpgsqlConnection connection, bool sandboxed) => (_connection, _sandboxed) = (connection, sandboxed);

    /// <summary>Whether the connection is gone.</summary>
    public bool IsBroken => _connection.State != System.Data.ConnectionState.Open;

    /// <param name="connections">Opens it.</param>
    /// <param name="database">Which database; NULL is the worker's own.</param>
    /// <param name="role">Who must be allowed to connect to it.</param>
    /// <param name="sandboxed">The C module is there.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="NpgsqlException">There is no connection.</exception>
    public static async Task<OutsideSession> OpenAsync(ConnectionFactory connections, string? database, uint role, bool sandboxed, CancellationToken ct)
    {
        var session = new OutsideSession(await connections.OpenAsync("workflow-sql", StepSession.SettingsOf(sandboxed), ct, database), sandboxed);
        try
        {
            await using var mayConnect = new NpgsqlCommand(MayConnect, session._connection) { Parameters = { Oid(role) } };
            if (await mayConnect.ExecuteScalarAsync(ct) is false)
            {
                throw new PostgresException($"permission denied for database \"{session._connection.Database}\"", "FATAL", "FATAL",
                    PostgresErrorCodes.InsufficientPrivilege, "User does not have CONNECT privilege.");
            }
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a statement in a transaction of its own, and commits it.</summary>
    public async Task<StepResult> RunAsync(StepStatement step, long maxResultBytes)
    {
        var secret = RandomNumberGenerator.GetBytes(32);
        if (_sandboxed)
        {
            await using var make = new NpgsqlCommand(MakeSandbox, _connection);
            await make.ExecuteNonQueryAsync(step.Cancelled);
            await using var open = new NpgsqlCommand(OpenSession, _connection) { Parameters = { new() { Value = secret } } };
            await open.ExecuteNonQueryAsync(step.Cancelled);
        }

        await using var batch = new NpgsqlBatch(_connection) { Timeout = 0 };
        batch.BatchCommands.Add(new NpgsqlBatchCommand(SqlCatalog.Begin));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(_sandboxed ? Enter : EnterNobody) { Parameters = { Oid(step.Role) } });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(step.Sql));
        var result = await new StepBatch(batch, new PreparedSteps(_connection, keeps: false)).ExecuteAsync(step, maxResultBytes);

        await using var commit = new NpgsqlBatch(_connection) { Timeout = 0 };
        if (_sandboxed) commit.BatchCommands.Add(new NpgsqlBatchCommand(Seal) { Parameters = { new() { Value = secret } } });
        commit.BatchCommands.Add(new NpgsqlBatchCommand(SqlCatalog.Commit));
        step.Cancelled.ThrowIfCancellationRequested();
        await commit.ExecuteNonQueryAsync(CancellationToken.None);
        return result;
    }

    /// <summary>Runs a statement that refuses a transaction block, and that <see cref="StandaloneStatements"/> allow.</summary>
    public async Task<StepResult> RunAloneAsync(StepStatement step)
    {
        if (_sandboxed)
        {
            await using var become = new NpgsqlCommand(Become, _connection) { Parameters = { Oid(step.Role) } };
            await become.ExecuteNonQueryAsync(step.Cancelled);
            // What follows is the only statement of a session that is the role's now, and that nothing of the role's could make the worker's again.
            await using var who = new NpgsqlCommand(
                "SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolname OPERATOR(pg_catalog.=) SESSION_USER", _connection);
            if (await who.ExecuteScalarAsync(step.Cancelled) is not uint role || role != step.Role)
                throw new PostgresException("the role that started this workflow does not exist any more", "ERROR", "ERROR", "DF010");
        }
        await using var statement = new NpgsqlCommand(step.Sql, _connection) { CommandTimeout = 0 };
        await using var stop = new StatementStop(statement.Cancel, step.Cancelled);
        return ResultEncoder.WithoutRows(await statement.ExecuteNonQueryAsync(CancellationToken.None));
    }

    public async ValueTask DisposeAsync() => await _connection.DisposeAsync();

    private static NpgsqlParameter Oid(uint role) => new() { Value = role, NpgsqlDbType = NpgsqlDbType.Oid };
}
