using Npgsql;
using PgDurable.Worker.Engine.Substitution;

namespace PgDurable.Worker.Store;

/// <summary>
/// The forms in which a statement can be run, numbered from the one that is tried first: each way to write its values, with parameters where that is possible, and with literals.
/// A form follows another one only where the server could not make sense of that.
/// </summary>
internal static class StatementForms
{
    /// <summary>The form with a number; null when there are not that many.</summary>
    public static (SubstitutedSql Sql, bool HasParameters)? Find(SubstitutedSql statement, int number)
    {
        for (var sql = statement; sql is not null; sql = sql.Otherwise())
        {
            if (sql.Parameterized is not null && number-- == 0) return (sql, true);
            if (number-- == 0) return (sql, false);
        }
        return null;
    }

    /// <summary>Whether it may be the parameters that are wrong: there are places where only a literal may stand, and a kept plan does not fit a table that was changed.</summary>
    public static bool MayBeParameters(PostgresException error) =>
        error.Where is null
            ? error.SqlState.StartsWith("42", StringComparison.Ordinal) || error.SqlState == PostgresErrorCodes.FeatureNotSupported
            : error.Where.Contains("parameter $", StringComparison.Ordinal);

    /// <summary>
    /// Whether it may be the types of the values that are wrong. An error with a position is one of reading the statement; one with a context and none is of code that the statement
    /// calls, and the step's own.
    /// </summary>
    public static bool MayBeTypes(PostgresException error) => (error.Position > 0 || error.Where is null) && IsOfTypes(error);

    /// <summary>The same for a block of code with values in it: the statement inside that failed has not run, and what the block did before is rolled back.</summary>
    public static bool MayBeTypesInBody(PostgresException error) => error.InternalPosition > 0 && IsOfTypes(error);

    private static bool IsOfTypes(PostgresException error) => error.SqlState switch
    {
        PostgresErrorCodes.SyntaxError or PostgresErrorCodes.UndefinedFunction or PostgresErrorCodes.AmbiguousFunction or PostgresErrorCodes.DatatypeMismatch
            or PostgresErrorCodes.CannotCoerce or PostgresErrorCodes.IndeterminateDatatype or PostgresErrorCodes.WrongObjectType => true,
        // The name of a table, or of something else, as a regclass and its kind read it.
        PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedObject => true,
        // A literal that its place can't read. The position says that it is in the statement and not in the data.
        PostgresErrorCodes.InvalidTextRepresentation or PostgresErrorCodes.InvalidDatetimeFormat or PostgresErrorCodes.DatetimeFieldOverflow
            or PostgresErrorCodes.NumericValueOutOfRange => error.Position > 0 || error.InternalPosition > 0,
        _ => false,
    };
}
