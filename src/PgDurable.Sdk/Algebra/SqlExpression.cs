namespace PgDurable;

/// <summary>The SQL expression that composes a node.</summary>
internal readonly record struct SqlExpression(TextPieces Text, SqlForm Form)
{
    /// <summary>The expression as a whole query. No composer is around it that would turn its text into a step.</summary>
    public TextPieces Whole => Form == SqlForm.Step ? new TextPieces("df.sql(", Text, ")") : Text;

    /// <summary>
    /// The expression as a right operand, or wherever grouping must be visible: all operators have the same precedence and group to the
    /// left.
    /// </summary>
    public TextPieces Operand => Form == SqlForm.Chain ? new TextPieces("(", Text, ")") : Text;
}
