namespace PgDurable.Graph;

/// <summary>The settings of a LOOP, as <c>df.loop</c> and <c>df.pace</c> write them.</summary>
/// <param name="MinIntervalMs">The minimum interval between two iterations in milliseconds. Null uses the server's setting.</param>
/// <param name="ContinueOnFailure">Whether the loop goes on if a step fails.</param>
internal readonly record struct LoopSettings(int? MinIntervalMs, bool ContinueOnFailure)
{
    /// <summary>The JSON object; null if every setting has its default.</summary>
    public string? Config
    {
        get
        {
            if (!ContinueOnFailure && MinIntervalMs is null)
                return null;
            var config = new ConfigText().AddFlag("continue_on_failure", ContinueOnFailure);
            if (MinIntervalMs is not null)
                config.Add("min_interval_ms", MinIntervalMs);
            return config.ToString();
        }
    }
}
