namespace PgDurable;

/// <summary>The reply to an HTTP request. Inside <c>Define</c>, which is never executed, this only stands for it.</summary>
/// <typeparam name="T">The type of the reply's JSON.</typeparam>
public sealed class HttpReply<T>
{
    private HttpReply()
    {
    }

    /// <summary>The status code. 5xx is no reply but a failure of the step.</summary>
    public int Status => throw DefinitionOnly.Error();

    /// <summary>Whether the status code is from 200 to 299.</summary>
    public bool Ok => throw DefinitionOnly.Error();

    /// <summary>The size of the body, when <see cref="HttpOptions.Response"/> is not <see cref="HttpResponseMode.Inline"/>; else NULL.</summary>
    public long? Bytes => throw DefinitionOnly.Error();

    /// <summary>The SHA-256 of the body, hexadecimal, when <see cref="HttpOptions.Response"/> is <see cref="HttpResponseMode.Metadata"/> or <see cref="HttpResponseMode.Sink"/>; else NULL.</summary>
    public string? Sha256 => throw DefinitionOnly.Error();

    /// <summary>The key of the row that has the body, when <see cref="HttpOptions.Response"/> is <see cref="HttpResponseMode.Sink"/>; else NULL.</summary>
    public Guid? SinkKey => throw DefinitionOnly.Error();

    /// <summary>The body as text; Base64 of a body that is none.</summary>
    public string Body => throw DefinitionOnly.Error();

    /// <summary>The headers, by lower-case name: <c>{reply.Headers["location"]}</c>. One that is missing is NULL.</summary>
    public IReadOnlyDictionary<string, string> Headers => throw DefinitionOnly.Error();

    /// <summary>The body read as JSON: <c>{reply.Json.Data[0].Id}</c>. What is missing in it is NULL.</summary>
    public T Json => throw DefinitionOnly.Error();
}
