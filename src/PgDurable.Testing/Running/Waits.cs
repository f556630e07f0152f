using System.Text.Json;

namespace PgDurable.Testing.Running;

/// <summary>Describes what a parked instance waits for.</summary>
internal static class Waits
{
    public static IReadOnlyList<string> Describe(VirtualInstance instance)
    {
        using var waits = JsonDocument.Parse(instance.Parked!.WaitsJson);
        return [.. waits.RootElement.EnumerateArray().Select(wait => Describe(instance, wait))];
    }

    private static string Describe(VirtualInstance instance, JsonElement wait)
    {
        var kind = wait.GetProperty("kind").GetString()!;
        var until = wait.TryGetProperty("until", out var at) ? $" until {at.GetDateTimeOffset().UtcDateTime:yyyy-MM-dd HH:mm:ss}" : "";
        return kind switch
        {
            "SIGNAL" => $"signal '{wait.GetProperty("name").GetString()}'{until}",
            "ACTIVITY" => $"activity '{wait.GetProperty("name").GetString()}'",
            "CALL" => $"child workflow of step '{instance.Graph.Nodes[wait.GetProperty("node").GetInt32()].Name}'",
            _ => kind + until,
        };
    }
}
