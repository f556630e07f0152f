namespace PgDurable.Worker.Engine.Substitution;

/// <summary>A statement with its references replaced.</summary>
/// <param name="Text">With literals in their places. This is what the statement means.</param>
/// <param name="Parameterized">With parameters; null when such a statement can't be prepared, or could mean something else.</param>
internal readonly record struct SubstitutedSql(string Text, ParameterizedSql? Parameterized);
