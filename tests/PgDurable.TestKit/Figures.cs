using System.Globalization;

namespace PgDurable.TestKit;

/// <summary>
/// Figures that tests find on their way: a line each, name, value and unit between tabs, is added to the file that the environment variable
/// <c>PGDURABLE_FIGURES</c> names. eng/trust.sh shows them.
/// </summary>
public static class Figures
{
    static readonly string? Path = Environment.GetEnvironmentVariable("PGDURABLE_FIGURES") is { Length: > 0 } given ? given : null;
    static readonly Lock Turn = new();

    /// <summary>Counts something; counts of one name are added up.</summary>
    public static void Count(string name, long count) => Add(name, count, "");

    /// <summary>Measures something; of several measurements of one name the largest counts.</summary>
    public static void Measure(string name, double value, string unit) => Add(name, value, unit);

    static void Add(string name, double value, string unit)
    {
        if (Path is null)
            return;
        lock (Turn)
            File.AppendAllText(Path, string.Create(CultureInfo.InvariantCulture, $"{name}\t{value}\t{unit}\n"));
    }
}
