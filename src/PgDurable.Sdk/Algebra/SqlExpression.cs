namespace PgDurable;

/// <summary>The SQL expression that composes a node.</summary>
internal readonly record struct SqlExpression(TextPieces Text, SqlForm Form)
{
    /// <summary>The whole of a query: there is no composer around it that would make a step of its text.</summary>
    public TextPieces Whole => Form == SqlForm.Step ? new TextPieces("df.sql(", Text, ")") : Text;

    /// <summary>
    /// As the right operand, or where it should be seen what belongs together: all operators of the language have one precedence, and group
    /// to the left.
    /// </summary>
    public TextPieces Operand => Form == SqlForm.Chain ? new TextPieces("(", Text, ")") : Text;
}
