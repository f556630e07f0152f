using PgDurable.Generators.Parsing;
using PgDurable.Graph;

namespace PgDurable.Generators.Checks;

/// <summary>Cron expressions, by the parser that the worker uses.</summary>
internal static class CronCheck
{
    /// <summary>What is wrong, or null.</summary>
    public static string? Problem(string text)
    {
        if (text.IndexOf(SqlPlaces.Hole) >= 0)
            return "A schedule is the same for every instance: it can't have a hole.";
        try
        {
            CronExpression.Parse(text);
            return null;
        }
        catch (FormatException error)
        {
            return $"{error.Message}.";
        }
    }
}
