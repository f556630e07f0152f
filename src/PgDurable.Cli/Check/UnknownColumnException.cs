namespace PgDurable.Cli.Check;

/// <summary>A reference names a column that its step does not return.</summary>
internal sealed class UnknownColumnException(string message) : Exception(message);
