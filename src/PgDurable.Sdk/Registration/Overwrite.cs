namespace PgDurable;

/// <summary>Which registered versions a registration may give another graph.</summary>
public enum Overwrite
{
    /// <summary>None: a version that is registered with a different graph is an error.</summary>
    Never,

    /// <summary>
    /// Those that aren't released: versions that the project's <c>workflows.lock.json</c> doesn't have. If there is no such file, no
    /// version is released. For development, where a workflow changes many times before its release.
    /// </summary>
    Unreleased,
}
