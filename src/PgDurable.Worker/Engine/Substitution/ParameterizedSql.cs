namespace PgDurable.Worker.Engine.Substitution;

/// <summary>A statement with parameters in the places of references: the same text for every value, so that a server can keep its plan.</summary>
/// <param name="Text">The statement, with <c>$1</c>, <c>$2</c>, ….</param>
/// <param name="Values">The parameters' values, as the input functions of their types read them; a type that the text does not say is for the server to infer.</param>
internal sealed record ParameterizedSql(string Text, IReadOnlyList<string> Values)
{
    public bool Equals(ParameterizedSql? other) => other is not null && Text == other.Text && Values.SequenceEqual(other.Values);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);
}
