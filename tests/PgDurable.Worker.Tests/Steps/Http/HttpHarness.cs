using System.Net;
using System.Text.Json;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Steps.Http;
using PgDurable.Worker.Telemetry;
using PgDurable.Worker.Tests.Telemetry;

namespace PgDurable.Worker.Tests.Steps.Http;

/// <summary>An executor under a policy that lets it reach the test's servers, unless the test says otherwise.</summary>
internal sealed class HttpHarness : IDisposable
{
    public const string Key = "0a1b2c3d:3:";

    private readonly HttpExecutor _executor;

    public HttpHarness(Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null, long maxResultBytes = 64 * 1024 * 1024) =>
        _executor = new HttpExecutor(Logger, new StepMetrics(Meters), Time, maxResultBytes, resolve ?? Dns.GetHostAddressesAsync);

    public ScriptedTime Time { get; } = new();

    public TestMeters Meters { get; } = new();

    public ListLogger Logger { get; } = new();

    public HttpPolicy Policy { get; set; } =
        new(AllowedHosts.Parse("*"), true, HttpPolicy.DefaultMaxRequestBytes, HttpPolicy.DefaultMaxResponseBytes);

    public static HttpCall Call(string url, string method = "GET", string? body = null, params (string Name, string Value)[] headers) =>
        new(HttpCallKind.Plain, method, url, headers, body, [], ScriptedTime.Long);

    public async Task<JsonElement> SendAsync(HttpCall call, int attempts = 1, CancellationToken ct = default) =>
        (await AnswerAsync(call, attempts, ct)).Result.Root;

    public Task<HttpAnswer> AnswerAsync(HttpCall call, int attempts = 1, CancellationToken ct = default) =>
        _executor.ExecuteAsync(
            call, _ => Task.FromResult(new HttpAttempt(Policy, (servers, _) => Task.FromResult(LookUp(servers)))),
            Key, "app", attempts, ct);

    /// <summary>What user mappings have; without it, a request that asks is a failure of the test.</summary>
    public Func<string[], EndpointCatalog> LookUp { get; set; } = _ => throw new InvalidOperationException("looked up");

    public Task<JsonElement> GetAsync(string url, int attempts = 1) => SendAsync(Call(url), attempts);

    public async Task<HttpStepException> FailAsync(HttpCall call, int attempts = 1) =>
        await Assert.ThrowsAsync<HttpStepException>(() => SendAsync(call, attempts));

    public Task<HttpStepException> FailGetAsync(string url, int attempts = 1) => FailAsync(Call(url), attempts);

    public void Dispose()
    {
        _executor.Dispose();
        Meters.Dispose();
    }
}
