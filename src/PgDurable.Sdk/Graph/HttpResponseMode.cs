namespace PgDurable;

/// <summary>How much of a response body is kept.</summary>
public enum HttpResponseMode
{
    /// <summary>All of it, in the step's result.</summary>
    Inline,

    /// <summary>Its size and SHA-256 hash.</summary>
    Metadata,

    /// <summary>Only its size.</summary>
    Discard,

    /// <summary>All of it, in a table. The step's result has the key of the row.</summary>
    Sink,
}
