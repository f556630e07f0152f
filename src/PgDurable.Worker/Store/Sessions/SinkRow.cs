namespace PgDurable.Worker.Store.Sessions;

/// <summary>The body of a response that goes into one of the user's tables.</summary>
/// <param name="Table">The table, as the workflow writes it.</param>
/// <param name="Key">The row's key, a new one for each attempt.</param>
/// <param name="Body">The bytes as received.</param>
internal sealed record SinkRow(string Table, Guid Key, byte[] Body);
