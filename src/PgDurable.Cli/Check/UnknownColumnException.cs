namespace PgDurable.Cli.Check;

/// <summary>Thrown if a reference names a column that its step doesn't return.</summary>
internal sealed class UnknownColumnException(string message) : Exception(message);
