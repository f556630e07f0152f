using System.Globalization;
using Npgsql;
using PgDurable.Worker.Store.Connections;

namespace PgDurable.Worker.Telemetry;

/// <summary>What the log may say of a failure. Its readers are others than those of the data: an error's message and details hold values, and stay away.</summary>
internal static class LogText
{
    /// <summary>The kind of failure.</summary>
    public static string Of(Exception e) => e switch
    {
        // Errors of statements of the worker's own: what is missing, not allowed, out of reach. Those of data quote it.
        PostgresException p => p.SqlState[..2] is "22" or "23" or "P0" or "54" or "XX" ? $"SQLSTATE {p.SqlState}" : $"{p.SqlState}: {p.MessageText}",
        NpgsqlException or IOException or TimeoutException or System.Net.Sockets.SocketException or WorkerConnectionException
            or WorkerSessionException => e.InnerException is { } inner and not PostgresException && inner.Message != e.Message ? $"{e.Message} {Of(inner)}" : e.Message,
        _ => e.GetType().Name,
    };

    /// <summary>Where in the worker it came up; the message is not part of it.</summary>
    public static string Place(Exception e) => string.Create(CultureInfo.InvariantCulture, $"{e.GetType()}\n{e.StackTrace}");
}
