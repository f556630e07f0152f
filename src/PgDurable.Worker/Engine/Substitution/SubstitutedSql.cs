namespace PgDurable.Worker.Engine.Substitution;

/// <summary>A statement with its references replaced.</summary>
/// <param name="Text">The statement with literals. This is what it means.</param>
/// <param name="Parameterized">The statement with parameters; null if it can't be prepared, or could mean something else.</param>
internal sealed record SubstitutedSql(string Text, ParameterizedSql? Parameterized)
{
    readonly SqlPieces? _pieces;
    readonly IReadOnlyList<string> _before = [];

    SubstitutedSql(SqlPieces pieces, Reading reading, IReadOnlyList<string> before)
        : this(pieces.Write(reading), pieces.WriteParameterized(reading)) =>
        (_pieces, Reading, _before) = (pieces, reading, before);

    /// <summary>How its values are written.</summary>
    public Reading Reading { get; }

    /// <summary>The first way to write the statement.</summary>
    public static SubstitutedSql Of(SqlPieces pieces) => new(pieces, Reading.Natural, []);

    /// <summary>Whether values stand in a dollar quote, which may be code that runs.</summary>
    public bool HasValuesInBodies => _pieces?.HasValuesInBodies == true;

    /// <summary>The next way to write it, if the server rejects this one; null if none is left.</summary>
    public SubstitutedSql? Otherwise()
    {
        if (_pieces is not { HasValues: true })
            return null;
        string[] before = [.. _before, Text];
        for (var reading = Reading + 1; reading <= Reading.Untyped; reading++)
        {
            try
            {
                var next = new SubstitutedSql(_pieces, reading, before);
                if (!before.Contains(next.Text))
                    return next;
            }
            catch (SubstitutionException)
            {
                // A document can hold characters that a text can't.
            }
        }
        return null;
    }

    public bool Equals(SubstitutedSql? other) => other is not null && Text == other.Text && Equals(Parameterized, other.Parameterized);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);
}
