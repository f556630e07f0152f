using System.Text.Json;

namespace PgDurable.Testing;

/// <summary>A request that a workflow sends.</summary>
public sealed record TestHttpRequest
{
    /// <summary>The step that sends the request.</summary>
    public required TestStep Step { get; init; }

    /// <summary>The method, in uppercase.</summary>
    public required string Method { get; init; }

    /// <summary>The URL, or the path if the request goes to an endpoint.</summary>
    public required string Url { get; init; }

    /// <summary>The name of the endpoint's server, or null if the request doesn't go to an endpoint.</summary>
    public string? Endpoint { get; init; }

    /// <summary>
    /// The names of the headers, parameters and form fields that the worker fills from user mappings. Their values are unknown in a test.
    /// </summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>The headers, including those that the worker adds.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>
    /// The body, or null if there is none or it is a multipart form. For other forms, it contains only the literal fields.
    /// </summary>
    public required string? Body { get; init; }

    /// <summary>
    /// The number of times the request has been sent, including this one. The worker resends it after a transient failure.
    /// </summary>
    public required int Sending { get; init; }

    /// <summary>
    /// The idempotency key. It is the same each time the same execution of the step sends the request, even after a crash.
    /// </summary>
    public required string IdempotencyKey { get; init; }

    /// <summary>The body, parsed as JSON.</summary>
    /// <exception cref="InvalidOperationException">The request has no body.</exception>
    /// <exception cref="JsonException">The body isn't valid JSON.</exception>
    public JsonElement Json => JsonElement.Parse(Body ?? throw new InvalidOperationException("The request has no body."));
}
