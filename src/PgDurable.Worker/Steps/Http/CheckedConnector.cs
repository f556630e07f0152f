using System.Net;
using System.Net.Sockets;

namespace PgDurable.Worker.Steps.Http;

/// <summary>
/// Resolves a name, checks the addresses, and connects to one that passed. The name is resolved only once, so a name that resolves to
/// something else the next time (DNS rebinding) gains nothing.
/// </summary>
internal sealed class CheckedConnector(bool allowPrivateAddresses, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    // An address that drops packets must not use up the time of the next one.
    private static readonly TimeSpan PatienceWithOthersLeft = TimeSpan.FromSeconds(3);

    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var found = IPAddress.TryParse(host, out var literal) ? [literal] : await ResolveAsync(host, ct);
        var allowed = allowPrivateAddresses ? found : Array.FindAll(found, address => !SpecialAddresses.Contains(address));
        if (allowed.Length == 0)
            throw HttpErrors.Refused(
                $"Blocked: the resolved IP address for '{host}' is in a restricted range. "
                + "Private, local and reserved addresses are not permitted.",
                "A superuser can set pg_durable.http_allow_private_addresses, which holds for all hosts of pg_durable.http_allowed_hosts.");

        for (var i = 0; ; i++)
        {
            var last = i == allowed.Length - 1;
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
            if (!last)
                patience.CancelAfter(PatienceWithOthersLeft);
            try
            {
                return await ConnectAsync(new IPEndPoint(allowed[i], port), patience.Token);
            }
            catch (Exception e) when (!last && !ct.IsCancellationRequested && e is SocketException or OperationCanceledException)
            {
                // the next address
            }
        }
    }

    private async Task<IPAddress[]> ResolveAsync(string host, CancellationToken ct)
    {
        try
        {
            var found = await resolve(host, ct);
            return found.Length > 0 ? found : throw new UnknownHostException(host);
        }
        catch (SocketException e)
        {
            throw new UnknownHostException(host, e);
        }
    }

    private static async Task<Stream> ConnectAsync(IPEndPoint address, CancellationToken ct)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
