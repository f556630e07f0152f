using PgDurable.Cron;
using PgDurable.Generators.Parsing;

namespace PgDurable.Generators.Checks;

/// <summary>Checks cron expressions by the syntax that the worker reads.</summary>
/// <remarks>Like all checks here, it returns the end of a sentence for <c>Descriptors.Setting</c>.</remarks>
internal static class CronCheck
{
    /// <summary>What is wrong, or null.</summary>
    public static string? Problem(string text)
    {
        if (text.IndexOf(SqlPlaces.Placeholder) >= 0)
            return "a schedule is the same for every instance, so it can't contain an interpolation";
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
