using Npgsql;
using PgDurable.Worker.Engine.Substitution;

namespace PgDurable.Worker.Store.Sessions;

/// <summary>
/// The forms in which a statement can be run, numbered from the one that is tried first: each way to write its values, with parameters where that is possible, and with literals.
/// A form follows another one only where the server could not make sense of that.
/// </summary>
internal static class StatementForms
{
    /// <summary>The form with a number; null when there are not that many.</summary>
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
            // A parameter without a type can't stand where any type is taken, as in jsonb_build_object. A literal can, and is a text; so a parameter that is one comes first.
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
    public static bool MayBeTypesInBody(PostgresException error) => (error.InternalPosition > 0 || error.Routine == NoType) && IsOfTypes(error);

    // The function of the server that can't find a type for a text in a place that takes any; it gives no position.
    private const string NoType = "enforce_generic_type_consistency";

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
