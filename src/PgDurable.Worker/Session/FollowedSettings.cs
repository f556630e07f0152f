using PgDurable.Worker.Hosting;
using PgDurable.Worker.Steps.Http;

namespace PgDurable.Worker.Session;

/// <summary>Settings of the server that can change while the worker runs.</summary>
/// <param name="options">The worker's settings, which follow the server's if the extension started the worker.</param>
/// <param name="http">Has a limit of its own.</param>
/// <param name="minLoopInterval">The pace of loops that wait for nothing, at first.</param>
internal sealed class FollowedSettings(WorkerOptions options, HttpRunner http, TimeSpan minLoopInterval)
{
    /// <summary>The pace of loops that wait for nothing.</summary>
    public TimeSpan MinLoopInterval { get; private set; } = minLoopInterval;

    /// <summary>Takes over what the server has now; <c>null</c> where it has nothing.</summary>
    public void Follow(TimeSpan? minLoopInterval, long? maxResultBytes)
    {
        if (minLoopInterval is { } interval)
            MinLoopInterval = interval;
        if (options.FollowsServer && maxResultBytes is { } bytes)
            options.MaxResultBytes = http.MaxResultBytes = bytes;
    }
}
