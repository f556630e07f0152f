using Npgsql;
using PgDurable.Worker.Engine.Substitution;

namespace PgDurable.Worker.Store.Sessions;

/// <summary>
/// The forms in which a statement can run, numbered in the order in which they are tried: each way to write its values, with parameters
/// where possible, and with literals. A form is tried only if the server could not make sense of the one before.
/// </summary>
internal static class StatementForms
{
    /// <summary>The form with a number; <c>null</c> if there are fewer.</summary>
    public static (SubstitutedSql Sql, bool HasParameters)? Find(SubstitutedSql statement, int number)
    {
        foreach (var form in All(statement))
        {
            if (number-- == 0)
                return form;
        }
        return null;
    }

    private static IEnumerable<(SubstitutedSql Sql, bool HasParameters)> All(SubstitutedSql statement)
    {
        var next = statement;
        while (next is not null)
        {
            if (next.Parameterized is not null)
                yield return (next, true);
            var after = next.Otherwise();
            // A parameter without a type can't stand where any type is accepted, as in jsonb_build_object. A literal can, and is a text
            // there; so a text parameter is tried first.
            if (next.Parameterized is not null && next.Reading == Reading.Natural && after is { Reading: Reading.Typed })
            {
                if (after.Parameterized is not null)
                    yield return (after, true);
                yield return (next, false);
                yield return (after, false);
                after = after.Otherwise();
            }
            else
            {
                yield return (next, false);
            }
            next = after;
        }
    }

    /// <summary>
    /// Whether the parameters may be the reason: only a literal may stand in some places, and a kept plan doesn't fit a changed table.
    /// </summary>
    public static bool MayBeParameters(PostgresException error) =>
        error.Where is null
            ? error.SqlState.StartsWith("42", StringComparison.Ordinal) || error.SqlState == PostgresErrorCodes.FeatureNotSupported
            : error.Where.Contains("parameter $", StringComparison.Ordinal);

    /// <summary>
    /// Whether the types of the values may be the reason. An error with a position came up while the server read the statement. An error
    /// with a context and no position came up in code that the statement calls, and is the step's own.
    /// </summary>
    public static bool MayBeTypes(PostgresException error) => (error.Position > 0 || error.Where is null) && IsOfTypes(error);

    /// <summary>
    /// The same for a block of code with values in it. The statement that failed inside has not run, and what the block did before is
    /// rolled back.
    /// </summary>
    public static bool MayBeTypesInBody(PostgresException error) =>
        (error.InternalPosition > 0 || error.Routine == NoType) && IsOfTypes(error);

    // The server's function that can't find a type for a text in a place that accepts any. It reports no position.
    private const string NoType = "enforce_generic_type_consistency";

    private static bool IsOfTypes(PostgresException error) => error.SqlState switch
    {
        PostgresErrorCodes.SyntaxError or PostgresErrorCodes.UndefinedFunction or PostgresErrorCodes.AmbiguousFunction
            or PostgresErrorCodes.DatatypeMismatch
            or PostgresErrorCodes.CannotCoerce or PostgresErrorCodes.IndeterminateDatatype or PostgresErrorCodes.WrongObjectType => true,
        // The name of a table, or of something else, as a regclass and its kind read it.
        PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedObject => true,
        // A literal that its place can't read. The position says that it is in the statement and not in the data.
        PostgresErrorCodes.InvalidTextRepresentation or PostgresErrorCodes.InvalidDatetimeFormat or PostgresErrorCodes.DatetimeFieldOverflow
            or PostgresErrorCodes.NumericValueOutOfRange => error.Position > 0 || error.InternalPosition > 0,
        _ => false,
    };
}
