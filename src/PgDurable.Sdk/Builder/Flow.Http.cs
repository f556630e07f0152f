namespace PgDurable;

public partial class Flow
{
    /// <summary>Makes a GET request. It is at least once, with the same <c>Idempotency-Key</c> on each attempt.</summary>
    /// <param name="url">An <c>http</c> or <c>https</c> URL.</param>
    /// <param name="headers">An anonymous object or dictionary of the request's headers; null is none.</param>
    /// <param name="retry">How a failure is retried; null is three attempts after 5xx, time-outs and network errors.</param>
    /// <param name="timeout">How long one attempt may take: whole seconds, at least one; null is 30 seconds.</param>
    /// <param name="options">Limits, what is kept of the response, and secrets; null is none of it.</param>
    /// <param name="endpoint">A server of <c>pg_durable_fdw</c>: then the URL is a path below its base URL, and the worker adds its credential. Null is none.</param>
    /// <returns>The flow, to add the next step to.</returns>
    public Flow HttpGet(FlowText url, object? headers = null, Retry? retry = null, TimeSpan? timeout = null, HttpOptions? options = null,
        string? endpoint = null) =>
        throw DefinitionOnly.Error();

    /// <summary>Makes a GET request and keeps the reply. It is at least once, with the same <c>Idempotency-Key</c> on each attempt.</summary>
    /// <typeparam name="T">The type of the reply's JSON.</typeparam>
    /// <param name="url">An <c>http</c> or <c>https</c> URL.</param>
    /// <param name="reply">The reply, for later steps to refer to.</param>
    /// <param name="headers">An anonymous object or dictionary of the request's headers; null is none.</param>
    /// <param name="retry">How a failure is retried; null is three attempts after 5xx, time-outs and network errors.</param>
    /// <param name="timeout">How long one attempt may take: whole seconds, at least one; null is 30 seconds.</param>
    /// <param name="options">Limits, what is kept of the response, and secrets; null is none of it.</param>
    /// <param name="endpoint">A server of <c>pg_durable_fdw</c>: then the URL is a path below its base URL, and the worker adds its credential. Null is none.</param>
    /// <returns>The flow, to add the next step to.</returns>
    public Flow HttpGet<T>(FlowText url, out HttpReply<T> reply, object? headers = null, Retry? retry = null, TimeSpan? timeout = null, HttpOptions? options = null,
        string? endpoint = null) =>
        throw DefinitionOnly.Error();

    /// <summary>Makes a DELETE request. It is at least once, with the same <c>Idempotency-Key</c> on each attempt.</summary>
    /// <param name="url">An <c>http</c> or <c>https</c> URL.</param>
    /// <param name="headers">An anonymous object or dictionary of the request's headers; null is none.</param>
    /// <param name="retry">How a failure is retried; null is three attempts after 5xx, time-outs and network errors.</param>
    /// <param name="timeout">How long one attempt may take: whole seconds, at least one; null is 30 seconds.</param>
    /// <param name="options">Limits, what is kept of the response, and secrets; null is none of it.</param>
    /// <param name="endpoint">A server of <c>pg_durable_fdw</c>: then the URL is a path below its base URL, and the worker adds its credential. Null is none.</param>
    /// <returns>The flow, to add the next step to.</returns>
    public Flow HttpDelete(FlowText url, object? headers = null, Retry? retry = null, TimeSpan? timeout = null, HttpOptions? options = null,
        string? endpoint = null) =>
        throw DefinitionOnly.Error();

    /// <summary>Makes a DELETE request and keeps the reply. It is at least once, with the same <c>Idempotency-Key</c> on each attempt.</summary>
    /// <typeparam name="T">The type of the reply's JSON.</typeparam>
    /// <param name="url">An <c>http</c> or <c>https</c> URL.</param>
    /// <param name="reply">The reply, for later steps to refer to.</param>
    /// <param name="headers">An anonymous object or dictionary of the request's headers; null is none.</param>
    /// <param name="retry">How a failure is retried; null is three attempts after 5xx, time-outs and network errors.</param>
    /// <param name="timeout">How long one attempt may take: whole seconds, at least one; null is 30 seconds.</param>
    /// <param name="options">Limits, what is kept of the response, and secrets; null is none of it.</param>
    /// <param name="endpoint">A server of <c>pg_durable_fdw</c>: then the URL is a path below its base URL, and the worker adds its credential. Null is none.</param>
    /// <returns>The flow, to add the next step to.</returns>
    public Flow HttpDelete<T>(FlowText url, out HttpReply<T> reply, object? headers = null, Retry? retry = null, TimeSpan? timeout = null, HttpOptions? options = null,
        string? endpoint = null) =>
        throw DefinitionOnly.Error();

    /// <summary>Makes a POST request. It is at least once, with the same <c>Idempotency-Key</c> on each attempt.</summary>
    /// <param name="url">An <c>http</c> or <c>https</c> URL.</param>
    /// <param name="json">
    /// The body: an anonymous object of constants, results and texts, at any depth. Values are encoded as JSON, with their types.
    /// </param>
    /// <param name="headers">An anonymous object or dictionary of the request's headers; null is none.</param>
    /// <param name="retry">How a failure is retried; null is three attempts after 5xx, time-outs and network errors.</param>
    /// <param name="timeout">How long one attempt may take: whole seconds, at least one; null is 30 seconds.</param>
    /// <param name="options">Limits, what is kept of the response, and secrets; null is none of it.</param>
    /// <param name="endpoint">A server of <c>pg_durable_fdw</c>: then the URL is a path below its base URL, and the worker adds its credential. Null is none.</param>
    /// <returns>The flow, to add the next step to.</returns>
    public Flow HttpPost(FlowText url, object? json = null, object? headers = null, Retry? retry = null, TimeSpan? timeout = null, HttpOptions? options = null,
        string? endpoint = null) =>
        throw DefinitionOnly.Error();

    /// <summary>Makes a POST request and keeps the reply. It is at least once, with the same <c>Idempotency-Key</c> on each attempt.</summary>
    /// <typeparam name="T">The type of the reply's JSON.</typeparam>
    /// <param name="url">An <c>http</c> or <c>https</c> URL.</param>
    /// <param name="json">
    /// The body: an anonymous object of constants, results and texts, at any depth. Values are encoded as JSON, with their types.
    /// </param>
    /// <param name="reply">The reply, for later steps to refer to.</param>
    /// <param name="headers">An anonymous object or dictionary of the request's headers; null is none.</param>
    /// <param name="retry">How a failure is retried; null is three attempts after 5xx, time-outs and network errors.</param>
    /// <param name="timeout">How long one attempt may take: whole seconds, at least one; null is 30 seconds.</param>
    /// <param name="options">Limits, what is kept of the response, and secrets; null is none of it.</param>
    /// <param name="endpoint">A server of <c>pg_durable_fdw</c>: then the URL is a path below its base URL, and the worker adds its credential. Null is none.</param>
    /// <returns>The flow, to add the next step to.</returns>
    public Flow HttpPost<T>(FlowText url, object? json, out HttpReply<T> reply, object? headers = null, Retry? retry = null, TimeSpan? timeout = null, HttpOptions? options = null,
        string? endpoint = null) =>
        throw DefinitionOnly.Error();

    /// <summary>Makes a PUT request. It is at least once, with the same <c>Idempotency-Key</c> on each attempt.</summary>
    /// <param name="url">An <c>http</c> or <c>https</c> URL.</param>
    /// <param name="json">
    /// The body: an anonymous object of constants, results and texts, at any depth. Values are encoded as JSON, with their types.
    /// </param>
    /// <param name="headers">An anonymous object or dictionary of the request's headers; null is none.</param>
    /// <param name="retry">How a failure is retried; null is three attempts after 5xx, time-outs and network errors.</param>
    /// <param name="timeout">How long one attempt may take: whole seconds, at least one; null is 30 seconds.</param>
    /// <param name="options">Limits, what is kept of the response, and secrets; null is none of it.</param>
    /// <param name="endpoint">A server of <c>pg_durable_fdw</c>: then the URL is a path below its base URL, and the worker adds its credential. Null is none.</param>
    /// <returns>The flow, to add the next step to.</returns>
    public Flow HttpPut(FlowText url, object? json = null, object? headers = null, Retry? retry = null, TimeSpan? timeout = null, HttpOptions? options = null,
        string? endpoint = null) =>
        throw DefinitionOnly.Error();

    /// <summary>Makes a PUT request and keeps the reply. It is at least once, with the same <c>Idempotency-Key</c> on each attempt.</summary>
    /// <typeparam name="T">The type of the reply's JSON.</typeparam>
    /// <param name="url">An <c>http</c> or <c>https</c> URL.</param>
    /// <param name="json">
    /// The body: an anonymous object of constants, results and texts, at any depth. Values are encoded as JSON, with their types.
    /// </param>
    /// <param name="reply">The reply, for later steps to refer to.</param>
    /// <param name="headers">An anonymous object or dictionary of the request's headers; null is none.</param>
    /// <param name="retry">How a failure is retried; null is three attempts after 5xx, time-outs and network errors.</param>
    /// <param name="timeout">How long one attempt may take: whole seconds, at least one; null is 30 seconds.</param>
    /// <param name="options">Limits, what is kept of the response, and secrets; null is none of it.</param>
    /// <param name="endpoint">A server of <c>pg_durable_fdw</c>: then the URL is a path below its base URL, and the worker adds its credential. Null is none.</param>
    /// <returns>The flow, to add the next step to.</returns>
    public Flow HttpPut<T>(FlowText url, object? json, out HttpReply<T> reply, object? headers = null, Retry? retry = null, TimeSpan? timeout = null, HttpOptions? options = null,
        string? endpoint = null) =>
        throw DefinitionOnly.Error();

    /// <summary>Makes a PATCH request. It is at least once, with the same <c>Idempotency-Key</c> on each attempt.</summary>
    /// <param name="url">An <c>http</c> or <c>https</c> URL.</param>
    /// <param name="json">
    /// The body: an anonymous object of constants, results and texts, at any depth. Values are encoded as JSON, with their types.
    /// </param>
    /// <param name="headers">An anonymous object or dictionary of the request's headers; null is none.</param>
    /// <param name="retry">How a failure is retried; null is three attempts after 5xx, time-outs and network errors.</param>
    /// <param name="timeout">How long one attempt may take: whole seconds, at least one; null is 30 seconds.</param>
    /// <param name="options">Limits, what is kept of the response, and secrets; null is none of it.</param>
    /// <param name="endpoint">A server of <c>pg_durable_fdw</c>: then the URL is a path below its base URL, and the worker adds its credential. Null is none.</param>
    /// <returns>The flow, to add the next step to.</returns>
    public Flow HttpPatch(FlowText url, object? json = null, object? headers = null, Retry? retry = null, TimeSpan? timeout = null, HttpOptions? options = null,
        string? endpoint = null) =>
        throw DefinitionOnly.Error();

    /// <summary>Makes a PATCH request and keeps the reply. It is at least once, with the same <c>Idempotency-Key</c> on each attempt.</summary>
    /// <typeparam name="T">The type of the reply's JSON.</typeparam>
    /// <param name="url">An <c>http</c> or <c>https</c> URL.</param>
    /// <param name="json">
    /// The body: an anonymous object of constants, results and texts, at any depth. Values are encoded as JSON, with their types.
    /// </param>
    /// <param name="reply">The reply, for later steps to refer to.</param>
    /// <param name="headers">An anonymous object or dictionary of the request's headers; null is none.</param>
    /// <param name="retry">How a failure is retried; null is three attempts after 5xx, time-outs and network errors.</param>
    /// <param name="timeout">How long one attempt may take: whole seconds, at least one; null is 30 seconds.</param>
    /// <param name="options">Limits, what is kept of the response, and secrets; null is none of it.</param>
    /// <param name="endpoint">A server of <c>pg_durable_fdw</c>: then the URL is a path below its base URL, and the worker adds its credential. Null is none.</param>
    /// <returns>The flow, to add the next step to.</returns>
    public Flow HttpPatch<T>(FlowText url, object? json, out HttpReply<T> reply, object? headers = null, Retry? retry = null, TimeSpan? timeout = null, HttpOptions? options = null,
        string? endpoint = null) =>
        throw DefinitionOnly.Error();
}
