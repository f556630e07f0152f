using System.Net;

namespace PgDurable.Worker.Steps.Http;

/// <summary>
/// The connections. Those made under a policy that forbids private addresses are kept apart from the others, so that none outlives a change
/// of the policy.
/// </summary>
internal sealed class HttpClients : IDisposable
{
    private readonly HttpMessageInvoker _publicOnly;
    private readonly HttpMessageInvoker _anywhere;

    public HttpClients(Func<string, CancellationToken, Task<IPAddress[]>> resolve)
    {
        _publicOnly = Create(new CheckedConnector(allowPrivateAddresses: false, resolve));
        _anywhere = Create(new CheckedConnector(allowPrivateAddresses: true, resolve));
    }

    public HttpMessageInvoker For(bool mayBePrivate) => mayBePrivate ? _anywhere : _publicOnly;

    public void Dispose()
    {
        _publicOnly.Dispose();
        _anywhere.Dispose();
    }

    private static HttpMessageInvoker Create(CheckedConnector connector) => new(new SocketsHttpHandler
    {
        ConnectCallback = connector.ConnectAsync,
        // Each of these would let a server or the environment redirect a request to another place.
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        Credentials = null,
        // A small compressed response could expand to an endless one.
        AutomaticDecompression = DecompressionMethods.None,
        // What was not read is not needed.
        MaxResponseDrainSize = 0,
        // A name may move to another address.
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
    });
}
