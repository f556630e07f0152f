namespace PgDurable.Dashboard.Http;

/// <summary>What the person may do beyond looking.</summary>
/// <param name="Operate">Cancel, retry, start and the like.</param>
/// <param name="Payload">See inputs, results and SQL as it ran.</param>
internal sealed record Rights(bool Operate, bool Payload);

/// <summary>What every page needs to know of its request.</summary>
/// <param name="Base">The path of the dashboard, with the application's prefix and without a slash at its end.</param>
/// <param name="Here">The path and query of this page.</param>
/// <param name="Rights">What the person may do.</param>
/// <param name="TokenField">The name of the form field that has <paramref name="Token"/>.</param>
/// <param name="Token">Shows that a form comes from this dashboard.</param>
/// <param name="Role">The database role.</param>
/// <param name="Database">The database.</param>
/// <param name="Now">The database's time.</param>
internal sealed record PageContext(
    string Base, string Here, Rights Rights, string TokenField, string Token, string Role, string Database,
    DateTimeOffset Now)
{
    /// <summary>The URL of a page: a path below the dashboard, and the query's parameters that have a value.</summary>
    public string Url(string path, params ReadOnlySpan<(string Name, string? Value)> query)
    {
        var url = Base + path;
        if (url.Length == 0)
            url = "/";
        var mark = '?';
        foreach (var (name, value) in query)
        {
            if (string.IsNullOrEmpty(value))
                continue;
            url += $"{mark}{name}={Uri.EscapeDataString(value)}";
            mark = '&';
        }

        return url;
    }

    public string Instance(string id) => Url($"/instances/{Uri.EscapeDataString(id)}");

    public string Workflow(string name) => Url("/workflow", ("name", name));
}
