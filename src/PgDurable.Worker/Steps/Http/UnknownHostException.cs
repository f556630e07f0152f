using System.Net.Sockets;

namespace PgDurable.Worker.Steps.Http;

/// <summary>A name has no address. The resolver's own message ("Resource temporarily unavailable") would mislead.</summary>
internal sealed class UnknownHostException(string host, SocketException? inner = null)
    : IOException(
        $"could not resolve host \"{host}\"{(inner?.SocketErrorCode == SocketError.TryAgain ? ": the name server gives no answer" : "")}",
        inner);
