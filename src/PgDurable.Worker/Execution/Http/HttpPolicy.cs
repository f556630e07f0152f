using Microsoft.Extensions.Logging;
using PgDurable.Worker.Telemetry;

namespace PgDurable.Worker.Execution.Http;

/// <summary>What requests may do: the settings <c>pg_durable.http_…</c>.</summary>
/// <param name="AllowedHosts">Where they may go; without any, HTTP is off.</param>
/// <param name="AllowPrivateAddresses">Whether names may resolve to private and special addresses.</param>
/// <param name="MaxRequestBytes">The largest request: URL, headers and body.</param>
/// <param name="MaxResponseBytes">The largest body of a response.</param>
internal sealed record HttpPolicy(AllowedHosts AllowedHosts, bool AllowPrivateAddresses, long MaxRequestBytes, long MaxResponseBytes)
{
    public const long DefaultMaxRequestBytes = 1024 * 1024;
    public const long DefaultMaxResponseBytes = 16 * 1024 * 1024;

    /// <summary>The settings' defaults: nothing is allowed.</summary>
    public static readonly HttpPolicy Off = new(AllowedHosts.None, false, DefaultMaxRequestBytes, DefaultMaxResponseBytes);

    /// <summary>Reads the settings as PostgreSQL has them; entries without meaning are told to the log, once for each reading.</summary>
    public static HttpPolicy Read(
        string allowedHosts, bool allowPrivateAddresses, long maxRequestBytes, long maxResponseBytes, ILogger logger)
    {
        var hosts = AllowedHosts.Parse(allowedHosts);
        if (hosts.Invalid.Count > 0) Log.HttpHostsIgnored(logger, string.Join(", ", hosts.Invalid));
        return new HttpPolicy(hosts, allowPrivateAddresses, maxRequestBytes, maxResponseBytes);
    }
}
