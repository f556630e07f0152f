namespace PgDurable;

/// <summary>What a node's SQL expression looks like to what stands around it.</summary>
internal enum SqlForm
{
    /// <summary>A literal that composers take for the text of a step.</summary>
    Step,

    /// <summary>A literal, a call or something in parentheses.</summary>
    Closed,

    /// <summary>Operands with operators between them.</summary>
    Chain,
}
