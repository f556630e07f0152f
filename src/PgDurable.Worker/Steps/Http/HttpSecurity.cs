namespace PgDurable.Worker.Steps.Http;

/// <summary>Where requests may go at all: <c>pg_durable.http_security</c>.</summary>
internal enum HttpSecurity
{
    /// <summary>Nowhere.</summary>
    Disabled,

    /// <summary>To the hosts that the lists allow.</summary>
    Restricted,

    /// <summary>Everywhere.</summary>
    Unrestricted,
}
