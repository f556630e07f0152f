namespace PgDurable.Worker.Engine;

/// <summary>A column of a step's result.</summary>
/// <param name="Name">As in the result's JSON.</param>
/// <param name="TypeName">What to cast a literal to, schema-qualified and quoted; null when nothing can be cast to the type.</param>
internal sealed record ResultColumn(string Name, string? TypeName);
