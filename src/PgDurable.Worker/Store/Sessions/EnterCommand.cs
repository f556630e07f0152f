using Npgsql;
using NpgsqlTypes;

namespace PgDurable.Worker.Store.Sessions;

/// <summary>Enters a step's role until the end of the transaction.</summary>
internal sealed class EnterCommand
{
    public const string Sql = "SELECT df._enter($1, $2)";

    private readonly NpgsqlParameter<uint> _role = new() { NpgsqlDbType = NpgsqlDbType.Oid };
    private readonly NpgsqlParameter<byte[]> _token = new() { NpgsqlDbType = NpgsqlDbType.Bytea };

    public EnterCommand() => Command = new NpgsqlBatchCommand(Sql) { Parameters = { _role, _token } };

    public NpgsqlBatchCommand Command { get; }

    public void Fill(uint role, byte[] token) => (_role.TypedValue, _token.TypedValue) = (role, token);
}
