using System.Net;
using System.Text;

namespace PgDurable.Worker.Steps.Http;

/// <summary>A URL, parsed once: the connection goes to exactly what was checked here.</summary>
/// <param name="Uri">The URL without user info and fragment, with the host in the form that is compared.</param>
/// <param name="Host">The host, normalized by <see cref="HostName.Normalize"/>.</param>
/// <param name="IsAddress">Whether the host is an IP address rather than a name.</param>
/// <param name="Credentials">The user info, as the value of an Authorization header.</param>
internal sealed record HttpTarget(Uri Uri, string Host, bool IsAddress, string? Credentials)
{
    private const int MaxUrlShown = 500;
    private const string Redacted = "<redacted>";

    /// <summary>The URL for messages, without user info, query values and fragment, which may be secrets.</summary>
    public required string Display { get; init; }

    /// <param name="url">The URL, with references replaced.</param>
    /// <param name="httpsOnly">Whether no host may be called by http.</param>
    /// <exception cref="HttpStepException">It isn't an http or https URL.</exception>
    public static HttpTarget Parse(string url, bool httpsOnly = false)
    {
        url = url.Trim();
        CheckScheme(url, httpsOnly);
        if (url.AsSpan().IndexOfAnyInRange('\0', '\x1f') >= 0)
            throw HttpErrors.Invalid("the URL contains a control character, such as a line break",
                "Is it built from a value with a line break at its end?");

        if (!HasPlainHost(url) || !Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.IdnHost.Length == 0)
            throw HttpErrors.Refused($"Blocked: malformed URL ({Defect(url)}).",
                "Write http://host/path or https://host:port/path; percent-encode values, and write international names as xn--….");

        var host = HostName.Normalize(uri.IdnHost);
        var numeric = HostName.IsNumeric(host);
        if (numeric && HostName.TryParseAddress(host, out var address))
            host = address.ToString();
        var rebuilt = new UriBuilder(uri) { UserName = "", Password = "", Fragment = "" };
        if (!numeric)
            rebuilt.Host = host;
        return new HttpTarget(rebuilt.Uri, host, numeric, Credential(uri.UserInfo)) { Display = Show(rebuilt.Uri, uri) };
    }

    /// <summary>The host alone, for telemetry; <c>null</c> if there is none.</summary>
    public static string? TryGetHost(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && HasPlainHost(url) ? HostName.Normalize(uri.IdnHost) : null;

    /// <summary>Checks that requests may go there. Returns whether they may also go to private and special addresses.</summary>
    /// <exception cref="HttpStepException">Requests may not go there.</exception>
    public bool MayBePrivate(HttpPolicy policy)
    {
        switch (policy.Security)
        {
            case HttpSecurity.Disabled:
                throw Disabled();
            case HttpSecurity.Unrestricted:
                return true;
        }
        // Each list has its own terms: hosts by http too and, if a superuser says so, at private addresses; domains only by https and at
        // public addresses.
        if (IsAddress)
        {
            var listed = IPAddress.TryParse(Host, out var address) && policy.AllowedHosts.Lists(address);
            if (listed || (policy.AllowedHosts.AllNames && policy.AllowPrivateAddresses))
                return policy.AllowPrivateAddresses;
            throw HttpErrors.Refused("Blocked: requests to bare IP addresses are not permitted. Use an approved service hostname instead.",
                "A superuser can list the address itself in pg_durable.http_allowed_hosts.");
        }
        if (policy.AllowedHosts.Allows(Host))
            return policy.AllowPrivateAddresses;
        if (Uri.Scheme != Uri.UriSchemeHttps)
            throw HttpErrors.Refused("Blocked: plaintext HTTP is not permitted in restricted builds. HTTPS is required.",
                "A superuser can list the host in pg_durable.http_allowed_hosts, which holds for http too.");
        if (policy.AllowedDomains.Allows(Host))
            return false;
        throw HttpErrors.Refused(
            $"Blocked: '{Host}' is not in the allowed endpoint list. Configure pg_durable.http_allowed_domains to allow this hostname.",
            "A superuser lists it there, or in pg_durable.http_allowed_hosts, which needs no restart: "
            + "ALTER SYSTEM SET pg_durable.http_allowed_hosts = 'api.example.com, *.example.org'; SELECT pg_reload_conf();");
    }

    public static HttpStepException Disabled() =>
        HttpErrors.Refused("Blocked: outbound HTTP requests are disabled by pg_durable.http_security.",
            "A superuser can change it, and restart the server.");

    // The names of parameters stay, so that the request can be recognised.
    private static string Show(Uri uri, Uri given)
    {
        var url = uri.GetLeftPart(UriPartial.Path);
        if (given.UserInfo.Length > 0)
            url = url.Insert(url.IndexOf("://", StringComparison.Ordinal) + 3, Redacted + "@");
        if (given.Query.Length > 1)
            url += "?" + string.Join('&', given.Query[1..].Split('&').Select(Redact));
        if (given.Fragment.Length > 1)
            url += "#" + Redacted;
        return url.Length > MaxUrlShown ? url[..MaxUrlShown] + "…" : url;
    }

    private static string Redact(string pair)
    {
        var equals = pair.IndexOf('=', StringComparison.Ordinal);
        // Without a value, the name itself may be a secret.
        return equals <= 0 || pair.AsSpan(equals).TrimStart('=').IsEmpty ? Redacted : pair[..(equals + 1)] + Redacted;
    }

    private static string Defect(string url)
    {
        var authority = url[(url.IndexOf("://", StringComparison.Ordinal) + 3)..];
        return authority.Length == 0 || authority[0] is '/' or '?' or '#' ? "empty host"
            : "invalid host, or one that not every program reads alike";
    }

    private static void CheckScheme(string url, bool httpsOnly)
    {
        var end = url.IndexOf("://", StringComparison.Ordinal);
        var scheme = (end < 0 ? url : url[..end]).ToLowerInvariant();
        if (end >= 0 && scheme is "http" or "https")
            return;
        throw HttpErrors.Refused($"Blocked: unsupported URL scheme. Only {(httpsOnly ? "https" : "http and https")} is allowed.", null);
    }

    // URL parsers differ on these spellings: percent-encoding, backslashes, and characters that a mapping turns into others (①, 。).
    private static bool HasPlainHost(string url)
    {
        var start = url.IndexOf("://", StringComparison.Ordinal);
        if (start < 0)
            return false;
        var authority = url.AsSpan(start + 3);
        var end = authority.IndexOfAny("/?#\\");
        if (end >= 0 && authority[end] == '\\')
            return false;
        if (end >= 0)
            authority = authority[..end];
        var host = authority[(authority.LastIndexOf('@') + 1)..];
        return host.Length > 0 && !host.Contains('%') && Ascii.IsValid(host);
    }

    private static string? Credential(string userInfo)
    {
        if (userInfo.Length == 0)
            return null;
        var colon = userInfo.IndexOf(':');
        var user = Uri.UnescapeDataString(colon < 0 ? userInfo : userInfo[..colon]);
        var password = colon < 0 ? "" : Uri.UnescapeDataString(userInfo[(colon + 1)..]);
        return "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));
    }
}
