namespace PgDurable.Cli;

/// <summary>The command can't be carried out as it was given.</summary>
internal sealed class UsageException(string message) : Exception(message);
