namespace PgDurable.Worker.Store;

/// <summary>
/// What a role may do about HTTP at this moment, as the database says. Without the extension's C module the settings don't exist.
/// </summary>
/// <param name="Granted">Whether the role may execute the function that the step stands for.</param>
/// <param name="Security">The setting <c>pg_durable.http_security</c>; <c>null</c> if it doesn't exist.</param>
/// <param name="AllowedDomains">The setting <c>pg_durable.http_allowed_domains</c>.</param>
/// <param name="AllowedHosts">The setting <c>pg_durable.http_allowed_hosts</c>.</param>
/// <param name="AllowPrivateAddresses">The setting <c>pg_durable.http_allow_private_addresses</c>.</param>
/// <param name="MaxRequestBytes">The setting <c>pg_durable.http_max_request_bytes</c>; <c>null</c> if it doesn't exist.</param>
/// <param name="MaxResponseBytes">The setting <c>pg_durable.http_max_response_bytes</c>; <c>null</c> if it doesn't exist.</param>
/// <param name="CreatedAt">When the instance was started. Unlike its claim, this is on disk before any worker sees it.</param>
internal sealed record HttpRights(
    bool Granted, string? Security, string AllowedDomains, string AllowedHosts, bool AllowPrivateAddresses, long? MaxRequestBytes,
    long? MaxResponseBytes, DateTimeOffset CreatedAt);
