using System.Net;
using System.Text.RegularExpressions;

namespace PgDurable.Dashboard.Tests.Fixtures;

/// <summary>Forms, as programs send them.</summary>
internal static partial class Form
{
    private const string Field = "__RequestVerificationToken";

    /// <summary>Every action, with fields that it can use.</summary>
    public static IEnumerable<(string Path, Dictionary<string, string> Fields)> All(Seed seed) =>
    [
        ($"/instances/{seed.Waiting}/pause", []),
        ($"/instances/{seed.Paused}/resume", []),
        ($"/instances/{seed.Failed}/retry", []),
        ($"/instances/{seed.Waiting}/tag", new() { ["key"] = "hacked", ["value"] = "1" }),
        ($"/instances/{seed.Waiting}/signal", new() { ["signal"] = "approval", ["json"] = "{}" }),
        ($"/instances/{seed.Waiting}/cancel", []),
        ($"/instances/{seed.Paused}/terminate", []),
        ($"/instances/{seed.Failed}/fork", new() { ["step"] = "00000000" }),
        ("/bulk", new() { ["action"] = "Cancel", ["q"] = "" }),
        ("/workflow/start", new() { ["name"] = seed.Text, ["version"] = "1" }),
        ("/schedules/pause", new() { ["name"] = seed.Text }),
        ("/schedules/resume", new() { ["name"] = seed.Text }),
        ("/schedules/run", new() { ["name"] = seed.Text }),
    ];

    /// <summary>Opens a page that has forms, keeps its cookie, and returns its token.</summary>
    public static async Task<string> TokenAsync(HttpClient client, string page) =>
        WebUtility.HtmlDecode(Token().Match(await client.GetStringAsync(page)) is { Success: true } match
            ? match.Groups[1].Value
            : throw new InvalidOperationException($"{page} has no token."));

    public static FormUrlEncodedContent With(string? token, Dictionary<string, string> fields) =>
        new(token is null ? fields : fields.Append(new(Field, token)));

    [GeneratedRegex($"data-token name=\"{Field}\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
