using System.Text.Json;

namespace PgDurable.TestKit;

/// <summary>Figures that tests find on their way: they are added, one JSON line each, to the file that the environment variable <c>PGDURABLE_FIGURES</c> names. eng/trust.sh reads it.</summary>
public static class Figures
{
    static readonly string? File = Environment.GetEnvironmentVariable("PGDURABLE_FIGURES");
    static readonly Lock Turn = new();

    /// <param name="name">What was measured or counted; counts of the same name are added up.</param>
    /// <param name="value">How much.</param>
    /// <param name="unit">Of what: <c>""</c> for a count.</param>
    public static void Add(string name, double value, string unit = "")
    {
        if (File is null)
            return;
        lock (Turn)
            System.IO.File.AppendAllText(File, JsonSerializer.Serialize(new { name, value, unit }) + "\n");
    }
}
