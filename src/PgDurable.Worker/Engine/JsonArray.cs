namespace PgDurable.Worker.Engine;

/// <summary>Results as a JSON array.</summary>
internal static class JsonArray
{
    public static StepResult Of(IEnumerable<StepResult> results) =>
        new($"[{string.Join(',', results.Select(result => result.Json))}]", null);
}
