using System.Net.Sockets;

namespace PgDurable.Worker.Steps.Http;

/// <summary>A name has no address. What the resolver says of it ("Resource temporarily unavailable") would lead astray.</summary>
internal sealed class UnknownHostException(string host, SocketException? inner = null)
    : IOException($"could not resolve host \"{host}\"{(inner?.SocketErrorCode == SocketError.TryAgain ? ": the name server gives no answer" : "")}", inner);
