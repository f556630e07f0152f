namespace PgDurable.Worker.Engine.Substitution;

/// <summary>What matters about the place where a value stands.</summary>
/// <param name="Isolate">What stands next to it would run into a bare literal.</param>
/// <param name="BesideConcatenation">It is an operand of <c>||</c>, which also appends to arrays.</param>
/// <param name="MayBePosition">A bare number could be that of a column there: <c>ORDER BY 2</c>.</param>
/// <param name="IsColumn">It is all of a column in a SELECT or RETURNING list, without a name.</param>
internal readonly record struct ValuePlace(bool Isolate, bool BesideConcatenation, bool MayBePosition, bool IsColumn);
