namespace PgDurable.Dashboard.Tests;

/// <summary>Runs only where PGDURABLE_SCREENSHOTS is 1: it writes the pictures of the documentation.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ScreenshotsFactAttribute : FactAttribute
{
    public ScreenshotsFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("PGDURABLE_SCREENSHOTS") != "1")
            Skip = "PGDURABLE_SCREENSHOTS=1 writes docs/images.";
    }
}
