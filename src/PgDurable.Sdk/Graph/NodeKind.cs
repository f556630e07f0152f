namespace PgDurable.Graph;

/// <summary>The kinds of node that a graph is made of.</summary>
public enum NodeKind
{
    /// <summary>One SQL statement.</summary>
    Sql,

    /// <summary>The left node, then the right node.</summary>
    Then,
}
