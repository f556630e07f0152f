namespace PgDurable.Cli;

/// <summary>Thrown if the command line can't be carried out.</summary>
internal sealed class UsageException(string message) : Exception(message);
