using System.Text.Json;

namespace PgDurable.Testing;

/// <summary>A request that a workflow sends.</summary>
public sealed record TestHttpRequest
{
    /// <summary>The step that sends it.</summary>
    public required TestStep Step { get; init; }

    /// <summary>The method, in upper case.</summary>
    public required string Method { get; init; }

    /// <summary>The URL; the path of a request to an endpoint.</summary>
    public required string Url { get; init; }

    /// <summary>The server of an endpoint; null for none.</summary>
    public string? Endpoint { get; init; }

    /// <summary>The headers, parameters and fields that the worker adds from user mappings. Their values are not known here.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>The headers that are sent, those that the worker adds included.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>The body; null without one, and for a multipart form. Of another form, its literal fields.</summary>
    public required string? Body { get; init; }

    /// <summary>Which sending of this request this is, from 1: the worker sends it again after a failure that may pass.</summary>
    public required int Sending { get; init; }

    /// <summary>The same for every sending of one execution of the step, also after a crash.</summary>
    public required string IdempotencyKey { get; init; }

    /// <summary>The body as JSON.</summary>
    /// <exception cref="InvalidOperationException">There is no body.</exception>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public JsonElement Json => JsonElement.Parse(Body ?? throw new InvalidOperationException("The request has no body."));
}
