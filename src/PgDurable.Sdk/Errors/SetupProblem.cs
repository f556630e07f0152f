using Npgsql;

namespace PgDurable;

/// <summary>What is missing in a database, and what to do about it.</summary>
internal static class SetupProblem
{
    /// <summary>Explains an error, or returns null if its reason isn't how the database is set up.</summary>
    public static string? Of(PostgresException error) => error.SqlState switch
    {
        PostgresErrorCodes.InvalidSchemaName or PostgresErrorCodes.UndefinedFunction or PostgresErrorCodes.UndefinedTable =>
            "The database has no schema df, or an older version of it. Run CREATE EXTENSION pg_durable (or ALTER EXTENSION " +
            "pg_durable UPDATE), or call PgDurableSchema.InstallAsync.",
        PostgresErrorCodes.InsufficientPrivilege =>
            "The connected role has no privileges on the schema df. Run SELECT df.grant_usage('<role>').",
        _ => null,
    };
}
