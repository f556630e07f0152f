namespace PgDurable;

/// <summary>Parts of the URLs in a workflow.</summary>
public static class Url
{
    /// <summary>
    /// Inserts a value into a URL as it is. Without this, a value is one part of the URL: characters such as <c>/</c>, <c>?</c> and
    /// <c>&amp;</c> are percent-encoded. Only a value at the beginning or right after the scheme is always inserted as it is, because it
    /// is the server.
    /// </summary>
    /// <param name="value">The value: a path or a query that is encoded already.</param>
    /// <returns>Nothing: the call only means something in a workflow's <c>Define</c>.</returns>
    /// <exception cref="InvalidOperationException">It was called outside a definition.</exception>
    public static string Raw(string? value) => throw DefinitionOnly.Error();
}
