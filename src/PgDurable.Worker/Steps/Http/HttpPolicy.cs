using Microsoft.Extensions.Logging;
using PgDurable.Worker.Store;
using PgDurable.Worker.Telemetry;

namespace PgDurable.Worker.Steps.Http;

/// <summary>What requests may do: the settings <c>pg_durable.http_…</c>.</summary>
/// <param name="AllowedHosts">Where requests may go, by http too.</param>
/// <param name="AllowPrivateAddresses">
/// Whether the names of <paramref name="AllowedHosts"/> may resolve to private and special addresses.
/// </param>
/// <param name="MaxRequestBytes">The maximum size of a request: URL, headers and body.</param>
/// <param name="MaxResponseBytes">The maximum size of a response's body.</param>
internal sealed record HttpPolicy(AllowedHosts AllowedHosts, bool AllowPrivateAddresses, long MaxRequestBytes, long MaxResponseBytes)
{
    public const long DefaultMaxRequestBytes = 1024 * 1024;
    public const long DefaultMaxResponseBytes = 16 * 1024 * 1024;

    public HttpSecurity Security { get; init; } = HttpSecurity.Restricted;

    /// <summary>Where requests may go by https, at public addresses.</summary>
    public AllowedHosts AllowedDomains { get; init; } = AllowedHosts.None;

    /// <summary>The defaults of the settings: nothing is allowed.</summary>
    public static readonly HttpPolicy Off = new(AllowedHosts.None, false, DefaultMaxRequestBytes, DefaultMaxResponseBytes);

    /// <summary>Reads the settings as PostgreSQL has them. Logs entries that mean nothing, each time that it reads them.</summary>
    public static HttpPolicy Read(HttpRights rights, ILogger logger)
    {
        var (hosts, domains) = (AllowedHosts.Parse(rights.AllowedHosts), AllowedHosts.ParseDomains(rights.AllowedDomains));
        if (hosts.Invalid.Count > 0)
            Log.HttpHostsIgnored(logger, string.Join(", ", hosts.Invalid));
        if (domains.Invalid.Count > 0)
            Log.HttpDomainsIgnored(logger, string.Join(", ", domains.Invalid));
        return new HttpPolicy(hosts, rights.AllowPrivateAddresses, rights.MaxRequestBytes ?? DefaultMaxRequestBytes,
            rights.MaxResponseBytes ?? DefaultMaxResponseBytes)
        {
            AllowedDomains = domains,
            Security = rights.Security switch
            {
                null or "restricted" => HttpSecurity.Restricted,
                "unrestricted" => HttpSecurity.Unrestricted,
                _ => HttpSecurity.Disabled,
            },
        };
    }
}
