namespace PgDurable.Dashboard.Tests.Fixtures;

/// <summary>Who asks.</summary>
/// <param name="Role">The database role that the dashboard acts as; null for the connection's own.</param>
internal sealed record Person(string? Role)
{
    public string Name { get; init; } = "anna";

    /// <summary>The rights that the person doesn't have: operate, payload.</summary>
    public string MayNot { get; init; } = "";

    public Dictionary<string, string> Headers => new()
    {
        ["test-name"] = Uri.EscapeDataString(Name),
        ["test-role"] = Uri.EscapeDataString(Role ?? ""),
        ["test-may-not"] = Uri.EscapeDataString(MayNot),
    };
}
