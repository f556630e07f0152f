using System.Runtime.CompilerServices;
using Npgsql;
using NpgsqlTypes;

namespace PgDurable;

/// <content>Finds instances.</content>
public sealed partial class DurableClient
{
    private const int SearchPageSize = 100;

    /// <summary>Lists the connected role's instances, newest first. Pages are read as the caller enumerates them.</summary>
    /// <param name="filter">Which instances to list, or null for all.</param>
    /// <param name="ct">Cancels the enumeration.</param>
    /// <returns>The instances. Instances that start during the enumeration aren't listed, and no instance is listed twice.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><see cref="InstanceFilter.PageSize"/> isn't between 1 and 1000.</exception>
    public async IAsyncEnumerable<InstanceInfo> ListAsync(
        InstanceFilter? filter = null, [EnumeratorCancellation] CancellationToken ct = default)
    {
        filter ??= new InstanceFilter();
        if (filter.PageSize is < 1 or > 1000)
            throw new ArgumentOutOfRangeException(nameof(filter), filter.PageSize, "PageSize must be between 1 and 1000.");

        string? cursor = null;
        do
        {
            // Reads the whole page first, so that the connection is free while the caller processes it.
            var page = new List<InstanceInfo>(filter.PageSize);
            await using (var command = ListCommand(filter, cursor))
                cursor = await ReadPageAsync(command, page, ct).ConfigureAwait(false);
            foreach (var instance in page)
                yield return instance;
        }
        while (cursor is not null);
    }

    /// <summary>Finds instances of the connected role, newest first. Pages are read as the caller enumerates them.</summary>
    /// <param name="query">
    /// Terms that must all match, such as <c>workflow:order status:failed customer:42 since:1d</c>; <c>docs/operate.md</c> lists them. The
    /// empty query finds all instances.
    /// </param>
    /// <param name="ct">Cancels the enumeration.</param>
    /// <returns>The instances. No instance is found twice.</returns>
    /// <exception cref="PostgresException">The query has a term that <c>df.search</c> doesn't know; the message says where.</exception>
    public async IAsyncEnumerable<InstanceInfo> SearchAsync(string query, [EnumeratorCancellation] CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        string? cursor = null;
        do
        {
            var page = new List<InstanceInfo>(SearchPageSize);
            await using (var command =
                Command(ClientSql.Search, Text(query), Parameter(SearchPageSize, NpgsqlDbType.Integer), Text(cursor)))
                cursor = await ReadPageAsync(command, page, ct).ConfigureAwait(false);
            foreach (var instance in page)
                yield return instance;
        }
        while (cursor is not null);
    }

    private NpgsqlCommand ListCommand(InstanceFilter filter, string? cursor) => Command(
        ClientSql.List, Text(filter.Status is { } status ? InstanceState.Word(status) : null),
        Parameter(filter.PageSize, NpgsqlDbType.Integer), Text(filter.Label), Text(cursor), Text(filter.Workflow),
        Time(filter.CreatedFrom), Time(filter.CreatedBefore));

    private static async Task<string?> ReadPageAsync(NpgsqlCommand command, List<InstanceInfo> page, CancellationToken ct)
    {
        await using var reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
        string? next = null;
        while (await reader.ReadAsync(ct).ConfigureAwait(false))
        {
            next = TextAt(reader, 0);
            if (!reader.IsDBNull(1))
                page.Add(InfoAt(reader));
        }

        return next;
    }
}
