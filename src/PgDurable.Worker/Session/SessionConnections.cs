using Npgsql;
using PgDurable.Worker.Hosting;
using PgDurable.Worker.Store;
using PgDurable.Worker.Store.Connections;

namespace PgDurable.Worker.Session;

/// <summary>The connections that a session consists of, besides those of steps. The loss of any of them ends the session.</summary>
/// <param name="WorkerId">The number that the database has given the worker.</param>
/// <param name="Probe">What kind of installation the database has.</param>
/// <param name="Factory">Opens the connections of steps.</param>
/// <param name="Listener">Registers the worker, hears notifications, and holds the lock that says that the worker is alive.</param>
/// <param name="Watch">Checks the other connections.</param>
/// <param name="Quick">See <see cref="WorkerStore"/>.</param>
/// <param name="Durable">See <see cref="WorkerStore"/>.</param>
/// <param name="Waiting">See <see cref="WorkerStore"/>; <c>null</c> where the C module is missing, which waits inside the server.</param>
internal sealed record SessionConnections(
    int WorkerId, DatabaseProbe Probe, ConnectionFactory Factory, NpgsqlConnection Listener, ControlConnection Watch,
    ControlConnection Quick, ControlConnection Durable, ControlConnection? Waiting)
{
    /// <summary>Connects and registers the worker.</summary>
    /// <exception cref="WorkerSessionException">A worker can't run here; the message says what to do.</exception>
    public static async Task<SessionConnections> OpenAsync(WorkerOptions options, CancellationToken ct)
    {
        var factory = new ConnectionFactory(options.ConnectionString, options.DeadConnectionLimit);
        var opened = new List<NpgsqlConnection>();
        using var silence = new Timer(_ => factory.Backends.AbortAll(), null, 3 * options.DeadConnectionLimit, Timeout.InfiniteTimeSpan);
        async Task<ControlConnection> OpenControlAsync(string purpose, string settings)
        {
            var connection = await factory.OpenControlAsync(purpose, settings, ct);
            opened.Add(connection);
            return new ControlConnection(connection);
        }

        try
        {
            var (listener, probe) = await DatabaseProbe.OpenAsync(factory, options.ExtensionOnly, CancellationToken.None);
            opened.Add(listener);
            var settings = $"{SessionSettings.Control(probe.Sandboxed)} {WorkerStore.LockTimeout}";
            var watch = factory.Backends.Watch = await OpenControlAsync("watch", settings);
            var quick = await OpenControlAsync("management", $"{settings} -c synchronous_commit=off");
            var durable = await OpenControlAsync("record", settings);
            var waiting = probe.Sandboxed ? await OpenControlAsync("idle", $"{settings} -c synchronous_commit=off") : null;
            var workerId = await WorkerRegistration.RegisterAsync(listener, options.SilenceLimit)
                ?? throw new WorkerSessionException("the server is a standby; waiting for its promotion");
            return new SessionConnections(workerId, probe, factory, listener, watch, quick, durable, waiting);
        }
        catch
        {
            foreach (var connection in opened)
                await connection.DisposeAsync();
            throw;
        }
    }
}
