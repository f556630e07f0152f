namespace PgDurable.Worker.Store.Sessions;

/// <summary>The body of a response, for a table of the user's.</summary>
/// <param name="Table">The table, as the workflow writes it.</param>
/// <param name="Key">Of the row; a new one at each attempt.</param>
/// <param name="Body">The bytes as received.</param>
internal sealed record SinkRow(string Table, Guid Key, byte[] Body);
