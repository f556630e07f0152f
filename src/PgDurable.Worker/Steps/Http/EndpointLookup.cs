using Npgsql;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Fairness;
using PgDurable.Worker.Store;
using PgDurable.Worker.Store.Connections;
using PgDurable.Worker.Store.Sessions;

namespace PgDurable.Worker.Steps.Http;

/// <summary>
/// Reads servers and user mappings as the submitting role, on a connection that belongs to the role and is closed before anything is sent.
/// </summary>
/// <param name="sessions">Opens the connections.</param>
internal sealed class EndpointLookup(SessionFactory sessions)
{
    // Each takes one short statement, but many requests may be under way.
    private const int MaxConnections = 4;
    private const int Reserve = 1;
    private readonly FairRoom _room = new(MaxConnections, Reserve);

    /// <exception cref="HttpStepException">The role can't read them.</exception>
    public async Task<EndpointCatalog> ReadAsync(ClaimedInstance claim, string[] servers, CancellationToken ct)
    {
        await _room.EnterAsync(claim.RoleOid, claim.Workflow, ct);
        try
        {
            await using var session = await sessions.OpenRoleSessionAsync(database: null, claim.RoleOid, inBlock: false, ct);
            return EndpointCatalog.Read(await session.EndpointsAsync(servers, ct), claim.RoleName ?? "");
        }
        catch (PostgresException e) when (!Faults.Passes(e) && !SqlErrors.IsTransient(e) && !ct.IsCancellationRequested)
        {
            throw new HttpStepException(
                new StepError($"Endpoint server \"{servers[0]}\": Endpoint catalog connection failed: {e.MessageText}", e.SqlState),
                "endpoint");
        }
        finally
        {
            _room.Leave(claim.RoleOid);
        }
    }
}
