using PgDurable.Worker.Store.Connections;

namespace PgDurable.Worker.Store.Sessions;

/// <summary>Opens the connections that run users' statements.</summary>
/// <param name="connections">Opens connections.</param>
/// <param name="sandboxed">Whether the C module is there. Otherwise the worker is logged in as the only role that it serves.</param>
internal sealed class SessionFactory(ConnectionFactory connections, bool sandboxed)
{
    /// <summary>Opens a connection that runs steps of any role.</summary>
    public Task<StepSession> OpenStepSessionAsync(CancellationToken ct) => StepSession.OpenAsync(connections, sandboxed, ct);

    /// <summary>Opens a connection that belongs to a role from its start on, as if the role had logged in.</summary>
    /// <param name="database">The database; <c>null</c> is the worker's own.</param>
    /// <param name="role">The role.</param>
    /// <param name="inBlock">
    /// Whether it runs statements of the worker's in a transaction block, rather than one statement of the user's.
    /// </param>
    /// <param name="ct">Gives up.</param>
    public Task<OutsideSession> OpenRoleSessionAsync(string? database, uint role, bool inBlock, CancellationToken ct) =>
        OutsideSession.OpenAsync(connections, database, role, sandboxed, inBlock, ct);
}
