namespace PgDurable.Worker.Store;

/// <summary>What a role may do about HTTP, as the database says at this moment.</summary>
/// <param name="Granted">Whether it may execute the function that the step stands for.</param>
/// <param name="Security">The setting <c>pg_durable.http_security</c>; NULL where the C module is not there to have it.</param>
/// <param name="AllowedDomains">The setting <c>pg_durable.http_allowed_domains</c>.</param>
/// <param name="AllowedHosts">The setting <c>pg_durable.http_allowed_hosts</c>.</param>
/// <param name="AllowPrivateAddresses">The setting <c>pg_durable.http_allow_private_addresses</c>.</param>
/// <param name="MaxRequestBytes">The setting <c>pg_durable.http_max_request_bytes</c>.</param>
/// <param name="MaxResponseBytes">The setting <c>pg_durable.http_max_response_bytes</c>.</param>
/// <param name="CreatedAt">When the instance was started: on disk before any worker saw it, which its claim need not be.</param>
internal sealed record HttpRights(
    bool Granted, string? Security, string AllowedDomains, string AllowedHosts, bool AllowPrivateAddresses, long MaxRequestBytes, long MaxResponseBytes, DateTimeOffset CreatedAt);
