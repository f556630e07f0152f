namespace PgDurable.QuickStart;

/// <summary>Something isn't as the page says.</summary>
internal sealed class PageException(string message) : Exception(message);
