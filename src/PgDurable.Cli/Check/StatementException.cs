using Npgsql;

namespace PgDurable.Cli.Check;

/// <summary>PostgreSQL doesn't accept a statement.</summary>
/// <param name="error">Its error.</param>
/// <param name="prefix">What was sent before the statement.</param>
/// <param name="text">The statement that was sent, or null if the error isn't at one of its places.</param>
internal sealed class StatementException(PostgresException error, string prefix = "", PreparedText? text = null)
    : Exception(error.MessageText, error)
{
    public PostgresException Error => error;

    /// <summary>The position of the error in the step's SQL, counted from 0, or null if it is unknown.</summary>
    public int? Position
    {
        get
        {
            // PostgreSQL counts characters from 1, and .NET counts surrogates.
            var characters = error.Position - 1 - prefix.EnumerateRunes().Count();
            return text is null || characters < 0
                ? null
                : text.Origin.SourceOf(text.Sql.EnumerateRunes().Take(characters).Sum(rune => rune.Utf16SequenceLength));
        }
    }
}
