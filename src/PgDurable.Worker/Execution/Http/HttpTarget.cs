using System.Net;
using System.Text;

namespace PgDurable.Worker.Execution.Http;

/// <summary>A URL, read once: what is checked here is what the connection is made to.</summary>
/// <param name="Uri">Without user info and fragment, the host in the form that is compared.</param>
/// <param name="Host">The host as <see cref="HostName.Normalize"/> leaves it.</param>
/// <param name="IsAddress">The host is a number and no name.</param>
/// <param name="Credentials">The user info, as the value of an Authorization header.</param>
internal sealed record HttpTarget(Uri Uri, string Host, bool IsAddress, string? Credentials)
{
    private const int MaxUrlShown = 500;

    /// <summary>The URL for messages: user info and query may be secrets.</summary>
    public string Display { get; } = Show(Uri);

    /// <exception cref="HttpStepException">It is no URL of http or https.</exception>
    public static HttpTarget Parse(string url)
    {
        url = url.Trim();
        CheckScheme(url);
        if (url.AsSpan().IndexOfAnyInRange('\0', '\x1f') >= 0)
            throw HttpErrors.Invalid("the URL contains a control character, such as a line break",
                "Is it built from a value with a line break at its end?");

        if (!HasPlainHost(url) || !Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.IdnHost.Length == 0)
            throw HttpErrors.Refused("Blocked: unable to extract hostname from URL.",
                "Write http://host/path or https://host:port/path; percent-encode values, and write international names as xn--….");

        var host = HostName.Normalize(uri.IdnHost);
        var numeric = HostName.IsNumeric(host);
        if (numeric && HostName.TryParseAddress(host, out var address)) host = address.ToString();
        var rebuilt = new UriBuilder(uri) { UserName = "", Password = "", Fragment = "" };
        if (!numeric) rebuilt.Host = host;
        return new HttpTarget(rebuilt.Uri, host, numeric, Credential(uri.UserInfo));
    }

    /// <summary>The host alone, as far as there is one; for telemetry.</summary>
    public static string? TryGetHost(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && HasPlainHost(url) ? HostName.Normalize(uri.IdnHost) : null;

    /// <exception cref="HttpStepException">Requests may not go there.</exception>
    public void Check(HttpPolicy policy)
    {
        if (policy.AllowedHosts.IsEmpty)
            throw HttpErrors.Refused("Blocked: outbound HTTP requests are disabled. Set pg_durable.http_allowed_hosts to enable them.",
                "A superuser lists the hosts: "
                + "ALTER SYSTEM SET pg_durable.http_allowed_hosts = 'api.example.com, *.example.org'; SELECT pg_reload_conf();");
        if (IsAddress)
        {
            var listed = IPAddress.TryParse(Host, out var address) && policy.AllowedHosts.Lists(address);
            if (!listed && !(policy.AllowedHosts.AllNames && policy.AllowPrivateAddresses))
                throw HttpErrors.Refused("Blocked: requests to bare IP addresses are not permitted. Use a host name instead.",
                    "A superuser can list the address itself in pg_durable.http_allowed_hosts.");
        }
        else if (!policy.AllowedHosts.Allows(Host))
        {
            throw HttpErrors.Refused($"Blocked: '{Host}' is not in the allowed endpoint list. Only requests to listed hosts are permitted.",
                "A superuser can add it to pg_durable.http_allowed_hosts.");
        }
    }

    private static string Show(Uri uri)
    {
        var url = uri.GetLeftPart(UriPartial.Path);
        if (url.Length > MaxUrlShown) return url[..MaxUrlShown] + "…";
        return uri.Query.Length > 1 ? url + "?…" : url;
    }

    private static void CheckScheme(string url)
    {
        var end = url.IndexOf("://", StringComparison.Ordinal);
        var scheme = (end < 0 ? url : url[..end]).ToLowerInvariant();
        if (end >= 0 && scheme is "http" or "https") return;
        // Without "://" the whole URL stands for the scheme: not more of it than is needed to recognise it.
        var shown = HttpErrors.Printable(scheme.Split('?', '@')[0]);
        throw HttpErrors.Refused($"Blocked: unsupported URL scheme '{shown}'. Only http and https are allowed.", null);
    }

    // The spellings on which URL parsers differ: percent-encoding, backslashes, characters that a mapping turns into other ones (①, 。).
    private static bool HasPlainHost(string url)
    {
        var start = url.IndexOf("://", StringComparison.Ordinal);
        if (start < 0) return false;
        var authority = url.AsSpan(start + 3);
        var end = authority.IndexOfAny("/?#\\");
        if (end >= 0 && authority[end] == '\\') return false;
        if (end >= 0) authority = authority[..end];
        var host = authority[(authority.LastIndexOf('@') + 1)..];
        return host.Length > 0 && !host.Contains('%') && Ascii.IsValid(host);
    }

    private static string? Credential(string userInfo)
    {
        if (userInfo.Length == 0) return null;
        var colon = userInfo.IndexOf(':');
        var user = Uri.UnescapeDataString(colon < 0 ? userInfo : userInfo[..colon]);
        var password = colon < 0 ? "" : Uri.UnescapeDataString(userInfo[(colon + 1)..]);
        return "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));
    }
}
