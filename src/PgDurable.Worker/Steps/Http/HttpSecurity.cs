namespace PgDurable.Worker.Steps.Http;

/// <summary>What requests may do at all: <c>pg_durable.http_security</c>.</summary>
internal enum HttpSecurity
{
    /// <summary>Nothing.</summary>
    Disabled,

    /// <summary>Go to the hosts that the lists allow.</summary>
    Restricted,

    /// <summary>Go everywhere.</summary>
    Unrestricted,
}
