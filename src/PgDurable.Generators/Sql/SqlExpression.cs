namespace PgDurable.Generators.Sql;

/// <summary>What an expression shows about its column.</summary>
/// <param name="Naming">How firm the name is.</param>
/// <param name="Name">The name; null if there is none or it can't be known.</param>
/// <param name="Type">The type, or null.</param>
internal readonly record struct SqlExpression(Naming Naming, string? Name, string? Type)
{
    /// <summary>The type of a quoted literal and of NULL, which take the type that their context needs.</summary>
    public const string Untyped = "unknown";

    private const string Text = "text";

    public static readonly SqlExpression Unknown = new(Naming.Unknown, null, null);

    /// <summary>The type of a column, which is text if the expression has no type of its own.</summary>
    public string? ColumnType => Type == Untyped ? Text : Type;

    public static SqlExpression Unnamed(string? type) => new(Naming.None, null, type);

    public static SqlExpression Firm(string? name, string? type) => new(Naming.Firm, name, type);

    /// <summary>The expression after a cast.</summary>
    public SqlExpression CastTo(SqlType type) =>
        Naming is Naming.Unknown or Naming.Firm ? this with { Type = type.Type } : new(Naming.Weak, type.Name, type.Type);

    /// <summary>The type that several alternatives share, such as the branches of CASE; null if they differ.</summary>
    public static string? CommonType(IEnumerable<SqlExpression> alternatives)
    {
        var common = Untyped;
        foreach (var alternative in alternatives)
        {
            if (alternative.Type is null || (common != Untyped && alternative.Type != Untyped && alternative.Type != common))
                return null;
            if (alternative.Type != Untyped)
                common = alternative.Type;
        }

        return common == Untyped ? Text : common;
    }
}
