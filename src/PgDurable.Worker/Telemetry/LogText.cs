using System.Globalization;
using Npgsql;
using PgDurable.Worker.Store.Connections;

namespace PgDurable.Worker.Telemetry;

/// <summary>
/// What the log may say about a failure. Those who read the log may not read the data, so messages and details that can hold values stay
/// out of it.
/// </summary>
internal static class LogText
{
    /// <summary>The kind of failure.</summary>
    public static string Of(Exception e) => e switch
    {
        // Errors of the worker's own statements say what is missing, not allowed or out of reach. Errors about data quote the data.
        PostgresException p =>
            p.SqlState[..2] is "22" or "23" or "P0" or "54" or "XX" ? $"SQLSTATE {p.SqlState}" : $"{p.SqlState}: {p.MessageText}",
        NpgsqlException or IOException or TimeoutException or System.Net.Sockets.SocketException or WorkerConnectionException
            or WorkerSessionException =>
            e.InnerException is { } inner and not PostgresException && inner.Message != e.Message ? $"{e.Message} {Of(inner)}" : e.Message,
        _ => e.GetType().Name,
    };

    /// <summary>Where in the worker the failure came up, without its message.</summary>
    public static string Place(Exception e) => string.Create(CultureInfo.InvariantCulture, $"{e.GetType()}\n{e.StackTrace}");
}
