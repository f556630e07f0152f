namespace PgDurable.Generators.Sql;

/// <summary>What an expression shows of the column that it makes.</summary>
/// <param name="Naming">How firm the name is.</param>
/// <param name="Name">The name; null when it can't be known, or when there is none.</param>
/// <param name="Type">The type, or null.</param>
internal readonly record struct SqlExpression(Naming Naming, string? Name, string? Type)
{
    /// <summary>The type of a literal in quotes and of NULL, which takes the type that is asked for.</summary>
    public const string Untyped = "unknown";

    private const string Text = "text";

    public static readonly SqlExpression Unknown = new(Naming.Unknown, null, null);

    /// <summary>The type of a column: what nothing asked for is text.</summary>
    public string? ColumnType => Type == Untyped ? Text : Type;

    public static SqlExpression Unnamed(string? type) => new(Naming.None, null, type);

    public static SqlExpression Firm(string? name, string? type) => new(Naming.Firm, name, type);

    /// <summary>The expression after a cast.</summary>
    public SqlExpression CastTo(SqlType type) =>
        Naming is Naming.Unknown or Naming.Firm ? this with { Type = type.Type } : new(Naming.Weak, type.Name, type.Type);

    /// <summary>The one type of several alternatives, such as the branches of CASE; null when they differ.</summary>
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
