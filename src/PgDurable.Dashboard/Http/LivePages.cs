using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;

namespace PgDurable.Dashboard.Http;

/// <summary>Sends open pages again when they change, as server-sent events.</summary>
internal sealed class LivePages(DashboardOptions options)
{
    // After this, the browser connects again, and is authorized again.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    // A page that takes long to make takes at most this part of the time.
    private const int Part = 20;

    private int _open;

    public async Task StreamAsync(HttpContext http, Func<Task<(int Status, string? Html)>> draw)
    {
        if (Interlocked.Increment(ref _open) > options.MaxLivePages)
        {
            Interlocked.Decrement(ref _open);
            // A browser doesn't try again after this.
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        try
        {
            Requests.Protect(http);
            http.Response.ContentType = "text/event-stream";
            // A proxy that collects the answer would keep the events.
            http.Response.Headers["X-Accel-Buffering"] = "no";
            await http.Response.StartAsync(http.RequestAborted);
            await SseFormatter.WriteAsync(ChangesAsync(draw, http.RequestAborted), http.Response.Body, http.RequestAborted);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The page was closed.
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private async IAsyncEnumerable<SseItem<string>> ChangesAsync(
        Func<Task<(int Status, string? Html)>> draw, [EnumeratorCancellation] CancellationToken ct)
    {
        var time = TimeProvider.System;
        var began = time.GetTimestamp();
        string? last = null;
        while (time.GetElapsedTime(began) < Longest)
        {
            var asked = time.GetTimestamp();
            var (status, html) = await draw();
            if (html is null)
                yield break;
            if (status == StatusCodes.Status200OK && html != last)
                yield return new(last = html);
            var pause = Part * time.GetElapsedTime(asked);
            await Task.Delay(pause < options.LiveInterval ? options.LiveInterval : pause, time, ct);
        }
    }
}
