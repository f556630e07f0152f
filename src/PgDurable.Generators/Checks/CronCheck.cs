using PgDurable.Cron;
using PgDurable.Generators.Parsing;

namespace PgDurable.Generators.Checks;

/// <summary>Cron expressions, by the syntax that the worker reads.</summary>
/// <remarks>As all checks here, it returns the end of a sentence, for <c>Descriptors.Setting</c>.</remarks>
internal static class CronCheck
{
    /// <summary>What is wrong, or null.</summary>
    public static string? Problem(string text)
    {
        if (text.IndexOf(SqlPlaces.Hole) >= 0)
            return "a schedule is the same for every instance and can't have a hole";
        try
        {
            CronSyntax.Parse(text);
            return null;
        }
        catch (FormatException error)
        {
            return error.InnerException?.Message ?? error.Message;
        }
    }
}
