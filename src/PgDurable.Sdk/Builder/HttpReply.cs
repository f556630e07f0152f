namespace PgDurable;

/// <summary>The reply to an HTTP request. It is a placeholder: <c>Define</c> is never executed.</summary>
/// <typeparam name="T">The type of the JSON in the reply.</typeparam>
public sealed class HttpReply<T>
{
    private HttpReply()
    {
    }

    /// <summary>The status code. A 5xx status is not a reply: the step fails.</summary>
    public int Status => throw DefinitionOnly.Error();

    /// <summary>Whether the status code is from 200 to 299.</summary>
    public bool Ok => throw DefinitionOnly.Error();

    /// <summary>
    /// The size of the body in bytes. NULL if <see cref="HttpOptions.Response"/> is <see cref="HttpResponseMode.Inline"/>.
    /// </summary>
    public long? Bytes => throw DefinitionOnly.Error();

    /// <summary>
    /// The SHA-256 hash of the body, in hexadecimal, if <see cref="HttpOptions.Response"/> is <see cref="HttpResponseMode.Metadata"/> or
    /// <see cref="HttpResponseMode.Sink"/>; otherwise NULL.
    /// </summary>
    public string? Sha256 => throw DefinitionOnly.Error();

    /// <summary>
    /// The key of the row that holds the body, if <see cref="HttpOptions.Response"/> is <see cref="HttpResponseMode.Sink"/>; otherwise
    /// NULL.
    /// </summary>
    public Guid? SinkKey => throw DefinitionOnly.Error();

    /// <summary>The body as text, or in Base64 if it is binary.</summary>
    public string Body => throw DefinitionOnly.Error();

    /// <summary>The headers, by lowercase name: <c>{reply.Headers["location"]}</c>. A missing header is NULL.</summary>
    public IReadOnlyDictionary<string, string> Headers => throw DefinitionOnly.Error();

    /// <summary>The body, parsed as JSON: <c>{reply.Json.Data[0].Id}</c>. Missing members are NULL.</summary>
    public T Json => throw DefinitionOnly.Error();
}
