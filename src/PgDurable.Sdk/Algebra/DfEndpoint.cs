namespace PgDurable;

/// <summary>
/// A path below the base URL of a <c>pg_durable_fdw</c> server: <c>df.endpoint</c>. The worker looks up the server and its credential when
/// it sends the request.
/// </summary>
/// <param name="Server">The server's name, taken literally.</param>
/// <param name="Path">The path, which begins with a slash. It may refer to results and variables.</param>
public sealed record DfEndpoint(string Server, string Path);
