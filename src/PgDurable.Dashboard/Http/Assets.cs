using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace PgDurable.Dashboard.Http;

/// <summary>The style sheet, the script and the icon, which are part of the assembly.</summary>
internal static class Assets
{
    private static readonly FrozenDictionary<string, (string Type, byte[] Content)> All = new[]
    {
        ("dashboard.css", "text/css; charset=utf-8"), ("dashboard.js", "text/javascript; charset=utf-8"), ("icon.svg", "image/svg+xml"),
    }.ToFrozenDictionary(asset => asset.Item1, asset => (asset.Item2, Read(asset.Item1)));

    /// <summary>Changes with the files, so that browsers may keep them.</summary>
    public static string Version { get; } =
        Convert.ToHexStringLower(SHA256.HashData([.. All.OrderBy(asset => asset.Key).SelectMany(asset => asset.Value.Content)]))[..12];

    public static async Task WriteAsync(HttpContext http)
    {
        Requests.Protect(http);
        if (!All.TryGetValue(http.Request.RouteValues["name"] as string ?? "", out var asset))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        http.Response.ContentType = asset.Type;
        if (http.Request.Query["v"] == Version)
            http.Response.Headers.CacheControl = "private, max-age=31536000, immutable";
        await http.Response.Body.WriteAsync(asset.Content, http.RequestAborted);
    }

    private static byte[] Read(string name)
    {
        using var stream = typeof(Assets).Assembly.GetManifestResourceStream(name)!;
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}
