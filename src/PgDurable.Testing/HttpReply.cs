using System.Text;
using PgDurable.Testing.Answers;

namespace PgDurable.Testing;

/// <summary>What a server answers to a request of a workflow.</summary>
public sealed record HttpReply
{
    private HttpReply() { }

    /// <summary>The HTTP status; 0 when there is no answer.</summary>
    public int StatusCode { get; private init; }

    /// <summary>The body.</summary>
    public string Body { get; private init; } = "";

    /// <summary>The body's type; null for none.</summary>
    public string? ContentType { get; private init; }

    /// <summary>Further headers.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    internal bool IsTimeout { get; private init; }

    internal string? Failure { get; private init; }

    /// <summary>An answer with a JSON body.</summary>
    /// <param name="value">An object, whose properties are written in snake_case, or <see cref="System.Text.Json.JsonElement"/>.</param>
    /// <param name="status">The HTTP status, from 100 to 599.</param>
    public static HttpReply Json(object? value, int status = 200) =>
        new() { StatusCode = Checked(status), Body = JsonValues.Write(value), ContentType = "application/json" };

    /// <summary>An answer with a body of text.</summary>
    /// <param name="body">The text.</param>
    /// <param name="status">The HTTP status, from 100 to 599.</param>
    /// <param name="contentType">The type of the body.</param>
    public static HttpReply Text(string body, int status = 200, string contentType = "text/plain") =>
        new() { StatusCode = Checked(status), Body = body, ContentType = contentType };

    /// <summary>
    /// An answer without a body. The worker takes those from 500 on for a failure (DF008), and 429 inside a retry with <see cref="Retry.RetryAfter"/>; every other status is a result.
    /// </summary>
    /// <param name="status">The HTTP status, from 100 to 599.</param>
    public static HttpReply Status(int status) => new() { StatusCode = Checked(status) };

    /// <summary>No answer within the step's time-out: DF008.</summary>
    public static HttpReply Timeout() => new() { IsTimeout = true };

    /// <summary>No connection: DF008.</summary>
    /// <param name="reason">What the network says.</param>
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
