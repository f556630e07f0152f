using PgDurable.Graph;

namespace PgDurable.Worker.Steps.Http;

/// <summary>The URL of a request to an endpoint.</summary>
internal static class EndpointUrl
{
    /// <exception cref="HttpStepException">The URL would leave the endpoint.</exception>
    public static string Join(string server, Endpoint endpoint, string path)
    {
        // References have been replaced by now.
        if (HttpOptionsReader.EndpointProblem(server, path) is { } problem)
            throw HttpErrors.Refused(problem, null);
        var url = endpoint.BaseUrl.TrimEnd('/') + path;
        if (!Uri.TryCreate(endpoint.BaseUrl, UriKind.Absolute, out var own) || !Uri.TryCreate(url, UriKind.Absolute, out var joined)
            || joined.GetLeftPart(UriPartial.Authority) != own.GetLeftPart(UriPartial.Authority)
            || !joined.AbsolutePath.StartsWith(own.AbsolutePath.TrimEnd('/') + "/", StringComparison.Ordinal))
            throw HttpErrors.Refused("Endpoint path cannot escape its base URL", null);
        if (endpoint.Query is not { } credential)
            return url;
        if (Names(joined.Query).Intersect(Names("?" + credential)).Any())
            throw HttpErrors.Refused("Request query cannot override endpoint credential parameters", null);
        return url + (joined.Query.Length > 0 ? '&' : '?') + credential;
    }

    /// <summary>The decoded names of a query's parameters.</summary>
    public static IEnumerable<string> Names(string query) =>
        query.Length <= 1 ? [] : query[1..].Split('&').Select(pair => Decode(pair.Split('=')[0]));

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
