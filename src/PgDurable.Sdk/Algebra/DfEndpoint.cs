namespace PgDurable;

/// <summary>A path below the base URL of a server of <c>pg_durable_fdw</c>: <c>df.endpoint</c>. The worker looks the server and its credential up when it sends the request.</summary>
/// <param name="Server">The server's name. Nothing in it is replaced.</param>
/// <param name="Path">It begins with a slash; it may refer to results and variables.</param>
public sealed record DfEndpoint(string Server, string Path);
