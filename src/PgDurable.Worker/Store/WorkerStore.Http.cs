using Npgsql;
using NpgsqlTypes;
using PgDurable.Worker.Store.Connections;

namespace PgDurable.Worker.Store;

/// <content>What a role may do about HTTP.</content>
internal sealed partial class WorkerStore
{
    private const string Rights = """
        SELECT pg_catalog.has_function_privilege($1::pg_catalog.oid, pg_catalog.to_regprocedure($2), 'EXECUTE') AS granted,
               df._worker_setting('http_security') AS security,
               df._worker_setting('http_allowed_domains') AS allowed_domains,
               df._worker_setting('http_allowed_hosts') AS allowed_hosts,
               df._worker_setting('http_allow_private_addresses') AS allow_private_addresses,
               pg_catalog.pg_size_bytes(df._worker_setting('http_max_request_bytes')) AS max_request_bytes,
               pg_catalog.pg_size_bytes(df._worker_setting('http_max_response_bytes')) AS max_response_bytes,
               df._worker_created_at($3) AS created_at
        """;

    /// <summary>What a role may do about HTTP at this moment.</summary>
    /// <param name="instance">The instance that sends the request.</param>
    /// <param name="role">The role that a step runs as.</param>
    /// <param name="function">The function that the step stands for, with its argument types.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<HttpRights> HttpRightsAsync(long instance, uint role, string function, CancellationToken ct)
    {
        await using var command =
            Command(quick, Rights, new NpgsqlParameter { Value = role, NpgsqlDbType = NpgsqlDbType.Oid }, function, instance);
        return await ReadOneAsync(command, row => new HttpRights(
            Granted: row.Find<bool>("granted") ?? false, Security: row.FindText("security"),
            AllowedDomains: row.FindText("allowed_domains") ?? "",
            AllowedHosts: row.FindText("allowed_hosts") ?? "", AllowPrivateAddresses: row.FindText("allow_private_addresses") == "on",
            MaxRequestBytes: row.Find<long>("max_request_bytes"), MaxResponseBytes: row.Find<long>("max_response_bytes"),
            CreatedAt: row.Get<DateTimeOffset>("created_at")), ct);
    }
}
