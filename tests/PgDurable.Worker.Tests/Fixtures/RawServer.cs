using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PgDurable.Worker.Tests.Fixtures;

/// <summary>A server that says what no web server would.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _accepting;
    private int _connections;

    /// <param name="talk">To one connection, after the head of its request was read.</param>
    public RawServer(Func<Socket, CancellationToken, Task> talk)
    {
        _listener.Start();
        _accepting = AcceptAsync(talk);
    }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Says this, and closes.</summary>
    public static RawServer Saying(string text) => new((socket, ct) => SayAsync(socket, text, ct));

    public static async Task SayAsync(Socket socket, string text, CancellationToken ct) =>
        await socket.SendAsync(Encoding.Latin1.GetBytes(text), ct);

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _ended.Dispose();
    }

    private async Task AcceptAsync(Func<Socket, CancellationToken, Task> talk)
    {
        var talks = new List<Task>();
        try
        {
            while (true)
                talks.Add(TalkAsync(await _listener.AcceptSocketAsync(_ended.Token), talk));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(talks);
        }
    }

    private async Task TalkAsync(Socket socket, Func<Socket, CancellationToken, Task> talk)
    {
        using var _ = socket;
        Interlocked.Increment(ref _connections);
        try
        {
            var head = new StringBuilder();
            var buffer = new byte[4096];
            while (!head.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
            {
                var read = await socket.ReceiveAsync(buffer, _ended.Token);
                if (read == 0)
                    return;
                head.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }
            await talk(socket, _ended.Token);
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // the client hung up, or the test is over
        }
    }
}
