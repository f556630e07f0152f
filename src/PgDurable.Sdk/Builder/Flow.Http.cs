namespace PgDurable;

public partial class Flow
{
    /// <summary>Makes a GET request. It may be sent more than once; each attempt has the same <c>Idempotency-Key</c>.</summary>
    /// <param name="url">An <c>http</c> or <c>https</c> URL.</param>
    /// <param name="headers">The request headers, as an anonymous object or a dictionary, or null for none.</param>
    /// <param name="retry">The retry policy. Null makes up to three attempts on 5xx, timeouts and network errors.</param>
    /// <param name="timeout">The time limit for each attempt: whole seconds, at least one. Null means 30 seconds.</param>
    /// <param name="options">Size limits, response handling and secrets, or null for the defaults.</param>
    /// <param name="endpoint">
    /// The name of a <c>pg_durable_fdw</c> server, or null for none. With a server, the URL is a path relative to its base URL, and the
    /// worker adds its credential.
    /// </param>
    /// <returns>The flow, to chain the next step.</returns>
    public Flow HttpGet(
        FlowText url, object? headers = null, Retry? retry = null, TimeSpan? timeout = null, HttpOptions? options = null,
        string? endpoint = null) =>
        throw DefinitionOnly.Error();

    /// <summary>
    /// Makes a GET request and keeps the reply. The request may be sent more than once; each attempt has the same <c>Idempotency-Key</c>.
    /// </summary>
    /// <typeparam name="T">The type of the JSON in the reply.</typeparam>
    /// <param name="url">An <c>http</c> or <c>https</c> URL.</param>
    /// <param name="reply">The reply, which later steps can refer to.</param>
    /// <param name="headers">The request headers, as an anonymous object or a dictionary, or null for none.</param>
    /// <param name="retry">The retry policy. Null makes up to three attempts on 5xx, timeouts and network errors.</param>
    /// <param name="timeout">The time limit for each attempt: whole seconds, at least one. Null means 30 seconds.</param>
    /// <param name="options">Size limits, response handling and secrets, or null for the defaults.</param>
    /// <param name="endpoint">
    /// The name of a <c>pg_durable_fdw</c> server, or null for none. With a server, the URL is a path relative to its base URL, and the
    /// worker adds its credential.
    /// </param>
    /// <returns>The flow, to chain the next step.</returns>
    public Flow HttpGet<T>(
        FlowText url, out HttpReply<T> reply, object? headers = null, Retry? retry = null, TimeSpan? timeout = null,
        HttpOptions? options = null, string? endpoint = null) =>
        throw DefinitionOnly.Error();

    /// <summary>Makes a DELETE request. It may be sent more than once; each attempt has the same <c>Idempotency-Key</c>.</summary>
    /// <param name="url">An <c>http</c> or <c>https</c> URL.</param>
    /// <param name="headers">The request headers, as an anonymous object or a dictionary, or null for none.</param>
    /// <param name="retry">The retry policy. Null makes up to three attempts on 5xx, timeouts and network errors.</param>
    /// <param name="timeout">The time limit for each attempt: whole seconds, at least one. Null means 30 seconds.</param>
    /// <param name="options">Size limits, response handling and secrets, or null for the defaults.</param>
    /// <param name="endpoint">
    /// The name of a <c>pg_durable_fdw</c> server, or null for none. With a server, the URL is a path relative to its base URL, and the
    /// worker adds its credential.
    /// </param>
    /// <returns>The flow, to chain the next step.</returns>
    public Flow HttpDelete(
        FlowText url, object? headers = null, Retry? retry = null, TimeSpan? timeout = null, HttpOptions? options = null,
        string? endpoint = null) =>
        throw DefinitionOnly.Error();

    /// <summary>
    /// Makes a DELETE request and keeps the reply. The request may be sent more than once; each attempt has the same
    /// <c>Idempotency-Key</c>.
    /// </summary>
    /// <typeparam name="T">The type of the JSON in the reply.</typeparam>
    /// <param name="url">An <c>http</c> or <c>https</c> URL.</param>
    /// <param name="reply">The reply, which later steps can refer to.</param>
    /// <param name="headers">The request headers, as an anonymous object or a dictionary, or null for none.</param>
    /// <param name="retry">The retry policy. Null makes up to three attempts on 5xx, timeouts and network errors.</param>
    /// <param name="timeout">The time limit for each attempt: whole seconds, at least one. Null means 30 seconds.</param>
    /// <param name="options">Size limits, response handling and secrets, or null for the defaults.</param>
    /// <param name="endpoint">
    /// The name of a <c>pg_durable_fdw</c> server, or null for none. With a server, the URL is a path relative to its base URL, and the
    /// worker adds its credential.
    /// </param>
    /// <returns>The flow, to chain the next step.</returns>
    public Flow HttpDelete<T>(
        FlowText url, out HttpReply<T> reply, object? headers = null, Retry? retry = null, TimeSpan? timeout = null,
        HttpOptions? options = null, string? endpoint = null) =>
        throw DefinitionOnly.Error();

    /// <summary>Makes a POST request. It may be sent more than once; each attempt has the same <c>Idempotency-Key</c>.</summary>
    /// <param name="url">An <c>http</c> or <c>https</c> URL.</param>
    /// <param name="json">
    /// The body: an anonymous object of constants, results and texts, nested to any depth. Values are encoded as JSON and keep their types.
    /// Or <see cref="HttpBody"/>.
    /// </param>
    /// <param name="headers">The request headers, as an anonymous object or a dictionary, or null for none.</param>
    /// <param name="retry">The retry policy. Null makes up to three attempts on 5xx, timeouts and network errors.</param>
    /// <param name="timeout">The time limit for each attempt: whole seconds, at least one. Null means 30 seconds.</param>
    /// <param name="options">Size limits, response handling and secrets, or null for the defaults.</param>
    /// <param name="endpoint">
    /// The name of a <c>pg_durable_fdw</c> server, or null for none. With a server, the URL is a path relative to its base URL, and the
    /// worker adds its credential.
    /// </param>
    /// <returns>The flow, to chain the next step.</returns>
    public Flow HttpPost(
        FlowText url, object? json = null, object? headers = null, Retry? retry = null, TimeSpan? timeout = null,
        HttpOptions? options = null, string? endpoint = null) =>
        throw DefinitionOnly.Error();

    /// <summary>
    /// Makes a POST request and keeps the reply. The request may be sent more than once; each attempt has the same <c>Idempotency-Key</c>.
    /// </summary>
    /// <typeparam name="T">The type of the JSON in the reply.</typeparam>
    /// <param name="url">An <c>http</c> or <c>https</c> URL.</param>
    /// <param name="json">
    /// The body: an anonymous object of constants, results and texts, nested to any depth. Values are encoded as JSON and keep their types.
    /// Or <see cref="HttpBody"/>.
    /// </param>
    /// <param name="reply">The reply, which later steps can refer to.</param>
    /// <param name="headers">The request headers, as an anonymous object or a dictionary, or null for none.</param>
    /// <param name="retry">The retry policy. Null makes up to three attempts on 5xx, timeouts and network errors.</param>
    /// <param name="timeout">The time limit for each attempt: whole seconds, at least one. Null means 30 seconds.</param>
    /// <param name="options">Size limits, response handling and secrets, or null for the defaults.</param>
    /// <param name="endpoint">
    /// The name of a <c>pg_durable_fdw</c> server, or null for none. With a server, the URL is a path relative to its base URL, and the
    /// worker adds its credential.
    /// </param>
    /// <returns>The flow, to chain the next step.</returns>
    public Flow HttpPost<T>(
        FlowText url, object? json, out HttpReply<T> reply, object? headers = null, Retry? retry = null, TimeSpan? timeout = null,
        HttpOptions? options = null, string? endpoint = null) =>
        throw DefinitionOnly.Error();

    /// <summary>Makes a PUT request. It may be sent more than once; each attempt has the same <c>Idempotency-Key</c>.</summary>
    /// <param name="url">An <c>http</c> or <c>https</c> URL.</param>
    /// <param name="json">
    /// The body: an anonymous object of constants, results and texts, nested to any depth. Values are encoded as JSON and keep their types.
    /// Or <see cref="HttpBody"/>.
    /// </param>
    /// <param name="headers">The request headers, as an anonymous object or a dictionary, or null for none.</param>
    /// <param name="retry">The retry policy. Null makes up to three attempts on 5xx, timeouts and network errors.</param>
    /// <param name="timeout">The time limit for each attempt: whole seconds, at least one. Null means 30 seconds.</param>
    /// <param name="options">Size limits, response handling and secrets, or null for the defaults.</param>
    /// <param name="endpoint">
    /// The name of a <c>pg_durable_fdw</c> server, or null for none. With a server, the URL is a path relative to its base URL, and the
    /// worker adds its credential.
    /// </param>
    /// <returns>The flow, to chain the next step.</returns>
    public Flow HttpPut(
        FlowText url, object? json = null, object? headers = null, Retry? retry = null, TimeSpan? timeout = null,
        HttpOptions? options = null, string? endpoint = null) =>
        throw DefinitionOnly.Error();

    /// <summary>
    /// Makes a PUT request and keeps the reply. The request may be sent more than once; each attempt has the same <c>Idempotency-Key</c>.
    /// </summary>
    /// <typeparam name="T">The type of the JSON in the reply.</typeparam>
    /// <param name="url">An <c>http</c> or <c>https</c> URL.</param>
    /// <param name="json">
    /// The body: an anonymous object of constants, results and texts, nested to any depth. Values are encoded as JSON and keep their types.
    /// Or <see cref="HttpBody"/>.
    /// </param>
    /// <param name="reply">The reply, which later steps can refer to.</param>
    /// <param name="headers">The request headers, as an anonymous object or a dictionary, or null for none.</param>
    /// <param name="retry">The retry policy. Null makes up to three attempts on 5xx, timeouts and network errors.</param>
    /// <param name="timeout">The time limit for each attempt: whole seconds, at least one. Null means 30 seconds.</param>
    /// <param name="options">Size limits, response handling and secrets, or null for the defaults.</param>
    /// <param name="endpoint">
    /// The name of a <c>pg_durable_fdw</c> server, or null for none. With a server, the URL is a path relative to its base URL, and the
    /// worker adds its credential.
    /// </param>
    /// <returns>The flow, to chain the next step.</returns>
    public Flow HttpPut<T>(
        FlowText url, object? json, out HttpReply<T> reply, object? headers = null, Retry? retry = null, TimeSpan? timeout = null,
        HttpOptions? options = null, string? endpoint = null) =>
        throw DefinitionOnly.Error();

    /// <summary>Makes a PATCH request. It may be sent more than once; each attempt has the same <c>Idempotency-Key</c>.</summary>
    /// <param name="url">An <c>http</c> or <c>https</c> URL.</param>
    /// <param name="json">
    /// The body: an anonymous object of constants, results and texts, nested to any depth. Values are encoded as JSON and keep their types.
    /// Or <see cref="HttpBody"/>.
    /// </param>
    /// <param name="headers">The request headers, as an anonymous object or a dictionary, or null for none.</param>
    /// <param name="retry">The retry policy. Null makes up to three attempts on 5xx, timeouts and network errors.</param>
    /// <param name="timeout">The time limit for each attempt: whole seconds, at least one. Null means 30 seconds.</param>
    /// <param name="options">Size limits, response handling and secrets, or null for the defaults.</param>
    /// <param name="endpoint">
    /// The name of a <c>pg_durable_fdw</c> server, or null for none. With a server, the URL is a path relative to its base URL, and the
    /// worker adds its credential.
    /// </param>
    /// <returns>The flow, to chain the next step.</returns>
    public Flow HttpPatch(
        FlowText url, object? json = null, object? headers = null, Retry? retry = null, TimeSpan? timeout = null,
        HttpOptions? options = null, string? endpoint = null) =>
        throw DefinitionOnly.Error();

    /// <summary>
    /// Makes a PATCH request and keeps the reply. The request may be sent more than once; each attempt has the same <c>Idempotency-Key</c>.
    /// </summary>
    /// <typeparam name="T">The type of the JSON in the reply.</typeparam>
    /// <param name="url">An <c>http</c> or <c>https</c> URL.</param>
    /// <param name="json">
    /// The body: an anonymous object of constants, results and texts, nested to any depth. Values are encoded as JSON and keep their types.
    /// Or <see cref="HttpBody"/>.
    /// </param>
    /// <param name="reply">The reply, which later steps can refer to.</param>
    /// <param name="headers">The request headers, as an anonymous object or a dictionary, or null for none.</param>
    /// <param name="retry">The retry policy. Null makes up to three attempts on 5xx, timeouts and network errors.</param>
    /// <param name="timeout">The time limit for each attempt: whole seconds, at least one. Null means 30 seconds.</param>
    /// <param name="options">Size limits, response handling and secrets, or null for the defaults.</param>
    /// <param name="endpoint">
    /// The name of a <c>pg_durable_fdw</c> server, or null for none. With a server, the URL is a path relative to its base URL, and the
    /// worker adds its credential.
    /// </param>
    /// <returns>The flow, to chain the next step.</returns>
    public Flow HttpPatch<T>(
        FlowText url, object? json, out HttpReply<T> reply, object? headers = null, Retry? retry = null, TimeSpan? timeout = null,
        HttpOptions? options = null, string? endpoint = null) =>
        throw DefinitionOnly.Error();
}
