namespace PgDurable.Graph;

/// <summary>The settings of a LOOP, as <c>df.loop</c> and <c>df.pace</c> write them.</summary>
internal static class LoopConfig
{
    /// <summary>The JSON object; null where there is nothing to say.</summary>
    public static string? Write(bool continueOnFailure, int? minIntervalMs)
    {
        if (!continueOnFailure && minIntervalMs is null)
            return null;
        var config = new ConfigText();
        if (continueOnFailure)
            config.AddJson("continue_on_failure", "true");
        if (minIntervalMs is not null)
            config.Add("min_interval_ms", minIntervalMs);
        return config.ToString();
    }
}
