using Npgsql;

namespace PgDurable.Cli;

/// <summary>What to do about an error of the database.</summary>
internal static class DatabaseHint
{
    public static string? For(PostgresException error) => error.SqlState switch
    {
        // Messages depend on the server's language, but names are always between quotes.
        PostgresErrorCodes.InvalidSchemaName or PostgresErrorCodes.UndefinedTable
            when error.MessageText.Contains("\"df", StringComparison.Ordinal) =>
            "PgDurable isn't installed in this database. If it is the right one, run CREATE EXTENSION pg_durable, or call "
                + "PgDurableSchema.InstallAsync.",
        PostgresErrorCodes.InsufficientPrivilege => error.Hint
            ?? "Run SELECT df.grant_usage('<role>'), and grant the role the privileges that its steps need.",
        _ => error.Hint,
    };
}
