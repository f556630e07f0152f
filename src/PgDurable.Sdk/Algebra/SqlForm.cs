namespace PgDurable;

/// <summary>The form of a node's SQL expression, as the expression around it sees it.</summary>
internal enum SqlForm
{
    /// <summary>A literal that composers take for the text of a step.</summary>
    Step,

    /// <summary>A literal, a call or an expression in parentheses.</summary>
    Closed,

    /// <summary>Operands with operators between them.</summary>
    Chain,
}
