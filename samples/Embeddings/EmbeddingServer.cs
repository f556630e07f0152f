using System.Globalization;
using System.Threading.RateLimiting;

namespace Embeddings;

/// <summary>
/// An embedding server with the manners of a real one: batches, a rate limit (429 with Retry-After), and a 503 now and then. Its vectors
/// are those of <see cref="TextEmbedding"/>.
/// </summary>
public static class EmbeddingServer
{
    public sealed record Request(string[] Input);

    public sealed record Vector(int Index, float[] Embedding);

    public sealed record Counts(int Requests, int Refused, int Failed, int Texts);

    /// <summary>
    /// Creates it. It listens at <c>--urls</c>, allows <c>--RequestsPerSecond</c> (10), and answers every <c>--FailEvery</c>th request (7)
    /// with 503. GET /counts says what happened.
    /// </summary>
    public static WebApplication Create(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        var perSecond = builder.Configuration.GetValue("RequestsPerSecond", 10);
        var failEvery = builder.Configuration.GetValue("FailEvery", 7);
        var (requests, refused, failed, texts) = (0, 0, 0, 0);
        builder.Services.AddRateLimiter(options =>
        {
            options.AddPolicy("limit", _ => RateLimitPartition.GetFixedWindowLimiter(
                "everybody", _ => new() { PermitLimit = perSecond, Window = TimeSpan.FromSeconds(1) }));
            options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            options.OnRejected = (context, _) =>
            {
                Interlocked.Increment(ref refused);
                if (context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait))
                {
                    context.HttpContext.Response.Headers.RetryAfter =
                        Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                }

                return ValueTask.CompletedTask;
            };
        });

        var app = builder.Build();
        app.UseRateLimiter();
        app.MapGet("/counts", () => new Counts(requests, refused, failed, texts));
        app.MapPost("/embeddings", (Request request) =>
        {
            if (Interlocked.Increment(ref requests) % failEvery == 0)
            {
                Interlocked.Increment(ref failed);
                return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
            }

            Interlocked.Add(ref texts, request.Input.Length);
            return Results.Ok(new { data = request.Input.Select((text, i) => new Vector(i, TextEmbedding.Of(text))) });
        }).RequireRateLimiting("limit");
        return app;
    }
}
