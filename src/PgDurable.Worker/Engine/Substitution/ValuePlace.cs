namespace PgDurable.Worker.Engine.Substitution;

/// <summary>What matters about the context of a value.</summary>
/// <param name="Isolate">A bare literal would run into the text next to it.</param>
/// <param name="BesideConcatenation">It is an operand of <c>||</c>, which also appends to arrays.</param>
/// <param name="MayBePosition">A bare number could mean a column's position there: <c>ORDER BY 2</c>.</param>
/// <param name="IsColumn">It is a whole column, without a name, in a SELECT or RETURNING list.</param>
internal readonly record struct ValuePlace(bool Isolate, bool BesideConcatenation, bool MayBePosition, bool IsColumn);
