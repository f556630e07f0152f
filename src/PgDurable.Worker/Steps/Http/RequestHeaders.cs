using System.Buffers;
using System.Reflection;
using PgDurable.Graph;
using PgDurable.Worker.Engine;

namespace PgDurable.Worker.Steps.Http;

/// <summary>Checks a request's headers and adds those that every request has.</summary>
internal static class RequestHeaders
{
    public const string IdempotencyKey = "Idempotency-Key";

    private static readonly string DefaultUserAgent = $"pg_durable/{Version()}";

    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    // They say where a message ends and which connection it travels on. Whoever sets them can make two servers disagree about that, and
    // Host can name a site other than the one that was checked.
    private static readonly HashSet<string> Framing = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host", "Content-Length", "Transfer-Encoding", "Connection", "Proxy-Connection", "Keep-Alive",
        "TE", "Trailer", "Upgrade", "Expect", "HTTP2-Settings",
    };

    /// <exception cref="HttpStepException">A header can't be sent. The message has its name but never its value.</exception>
    public static IReadOnlyList<(string Name, string Value)> Create(
        HttpCall call, HttpTarget target, string? multipartType, string idempotencyKey, IReadOnlyList<(string Name, string Value)> bound)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var headers = new List<(string, string)>(call.Headers.Count + 3);
        foreach (var (name, value) in call.Headers)
        {
            Check(name, value);
            if (call.Options.IsForm && HttpOptionsReader.FormHeaderProblem(name, value) is { } problem)
                throw HttpErrors.Invalid(problem);
            if (!names.Add(name))
                throw HttpErrors.Invalid($"HTTP header '{name}' is given twice");
            if (multipartType is null || !name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase))
                headers.Add((name, value));
        }
        foreach (var (name, value) in bound)
        {
            names.Add(name);
            headers.Add((name, value));
        }
        if (call.Options.IsForm)
            AddDefault("Content-Type", "application/x-www-form-urlencoded");
        if (multipartType is not null)
            headers.Add(("Content-Type", multipartType));
        else if (call.Kind == HttpCallKind.Json && call.Body is not null)
            AddDefault("Content-Type", "application/json");
        if (target.Credentials is { } credentials)
            AddDefault("Authorization", credentials);
        AddDefault("User-Agent", DefaultUserAgent);
        AddDefault(IdempotencyKey, idempotencyKey);
        return headers;

        void AddDefault(string name, string value)
        {
            if (names.Add(name))
                headers.Add((name, value));
        }
    }

    private static void Check(string name, string value)
    {
        if (name.Length == 0 || name.AsSpan().ContainsAnyExcept(TokenCharacters))
            throw HttpErrors.Invalid($"'{HttpErrors.Printable(name)}' is not a name of an HTTP header",
                "Letters, digits and hyphens make a good one.");
        if (Framing.Contains(name))
            throw HttpErrors.Invalid($"HTTP header '{name}' can't be set",
                "It belongs to the connection; the worker writes it as the request needs it.");
        foreach (var c in value)
            if (c is (< ' ' and not '\t') or > '~')
                throw HttpErrors.Invalid($"the value of HTTP header '{name}' has a character that headers can't have",
                    "Headers are ASCII without line breaks; encode other text, for example as base64 or with percent signs.");
    }

    private static string Version() =>
        typeof(RequestHeaders).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?
            .InformationalVersion.Split('+')[0] ?? "0";
}
