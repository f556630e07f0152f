using System.Text;
using PgDurable.Testing.Answers;

namespace PgDurable.Testing;

/// <summary>A server's reply to a workflow's request.</summary>
public sealed record HttpReply
{
    private HttpReply() { }

    /// <summary>The HTTP status, or 0 if there is no reply.</summary>
    public int StatusCode { get; private init; }

    /// <summary>The body.</summary>
    public string Body { get; private init; } = "";

    /// <summary>The body's content type, or null for none.</summary>
    public string? ContentType { get; private init; }

    /// <summary>Additional headers.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    internal bool IsTimeout { get; private init; }

    internal string? Failure { get; private init; }

    /// <summary>Creates a reply with a JSON body.</summary>
    /// <param name="value">
    /// An object, whose properties are serialized in snake_case, or a <see cref="System.Text.Json.JsonElement"/>.
    /// </param>
    /// <param name="status">The HTTP status: 100 to 599.</param>
    public static HttpReply Json(object? value, int status = 200) =>
        new() { StatusCode = Checked(status), Body = JsonValues.Write(value), ContentType = "application/json" };

    /// <summary>Creates a reply with a text body.</summary>
    /// <param name="body">The text.</param>
    /// <param name="status">The HTTP status: 100 to 599.</param>
    /// <param name="contentType">The body's content type.</param>
    public static HttpReply Text(string body, int status = 200, string contentType = "text/plain") =>
        new() { StatusCode = Checked(status), Body = body, ContentType = contentType };

    /// <summary>
    /// Creates a reply without a body. For the worker, a status of 500 or above is a failure (DF008), and so is 429 inside a retry with
    /// <see cref="Retry.RetryAfter"/>. Any other status is a result.
    /// </summary>
    /// <param name="status">The HTTP status: 100 to 599.</param>
    public static HttpReply Status(int status) => new() { StatusCode = Checked(status) };

    /// <summary>Creates a timeout: the server doesn't reply within the step's time limit. The step fails with DF008.</summary>
    public static HttpReply Timeout() => new() { IsTimeout = true };

    /// <summary>Creates a connection failure. The step fails with DF008.</summary>
    /// <param name="reason">The network error.</param>
    public static HttpReply ConnectionFailed(string reason = "Connection refused") => new() { Failure = reason };

    internal HttpResponseMessage ToMessage()
    {
        var message = new HttpResponseMessage((System.Net.HttpStatusCode)StatusCode)
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Body)),
        };
        if (ContentType is not null)
            message.Content.Headers.TryAddWithoutValidation("Content-Type", ContentType);
        foreach (var (name, value) in Headers)
            if (!message.Headers.TryAddWithoutValidation(name, value))
                message.Content.Headers.TryAddWithoutValidation(name, value);
        return message;
    }

    private static int Checked(int status)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 100);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, 599);
        return status;
    }
}
