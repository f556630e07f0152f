using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace PgDurable.Worker.Tests.Operations;

/// <summary>A TCP proxy that can stop forwarding without closing anything, as a firewall does that drops what it does not know.</summary>
sealed class TcpProxy : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly int _target;
    readonly CancellationTokenSource _end = new();
    readonly ConcurrentDictionary<int, Pair> _pairs = new();
    int _last;

    public TcpProxy(int target)
    {
        _target = target;
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>From now on nothing gets through the connections that there are; new ones are forwarded.</summary>
    /// <param name="serverPorts">Only of those that reach the server from these ports; null for all.</param>
    public void Freeze(IReadOnlyCollection<int>? serverPorts = null)
    {
        foreach (var pair in _pairs.Values)
            if (serverPorts is null || serverPorts.Contains(pair.ServerPort))
                pair.IsFrozen = true;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        foreach (var pair in _pairs.Values)
            pair.Close();
        _end.Dispose();
    }

    async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_end.Token);
                var server = new TcpClient();
                await server.ConnectAsync(IPAddress.Loopback, _target, _end.Token);
                var pair = new Pair(client, server);
                _pairs[Interlocked.Increment(ref _last)] = pair;
                _ = pair.ForwardAsync(client, server, _end.Token);
                _ = pair.ForwardAsync(server, client, _end.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // the end
        }
    }

    sealed class Pair(TcpClient client, TcpClient server)
    {
        volatile bool _isFrozen;

        public bool IsFrozen { get => _isFrozen; set => _isFrozen = value; }

        public int ServerPort { get; } = ((IPEndPoint)server.Client.LocalEndPoint!).Port;

        public async Task ForwardAsync(TcpClient from, TcpClient to, CancellationToken ct)
        {
            var buffer = new byte[65536];
            try
            {
                while (await from.GetStream().ReadAsync(buffer, ct) is > 0 and var read)
                    if (!IsFrozen)
                        await to.GetStream().WriteAsync(buffer.AsMemory(0, read), ct);
            }
            catch (Exception e)
                when (e is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
            {
                // closed
            }
            if (!IsFrozen)
                Close();
        }

        public void Close()
        {
            client.Close();
            server.Close();
        }
    }
}
