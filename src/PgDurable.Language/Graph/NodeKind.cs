namespace PgDurable.Graph;

/// <summary>The kinds of node that a graph is made of.</summary>
public enum NodeKind
{
    /// <summary>One SQL statement.</summary>
    Sql,

    /// <summary>The left node, then the right node.</summary>
    Then,

    /// <summary>The left node if the condition is true, else the right node.</summary>
    If,

    /// <summary>All branches side by side; waits for all of them.</summary>
    Join,

    /// <summary>The body again and again, while the condition is true or until a break.</summary>
    Loop,

    /// <summary>Ends the innermost loop.</summary>
    Break,

    /// <summary>All branches side by side; the first that ends decides.</summary>
    Race,

    /// <summary>Waits for a time.</summary>
    Sleep,

    /// <summary>Waits for the next moment of a cron schedule.</summary>
    WaitSchedule,

    /// <summary>An HTTP request.</summary>
    Http,

    /// <summary>An HTTP request with a multipart body.</summary>
    HttpMultipart,

    /// <summary>Waits for a signal.</summary>
    Signal,

    /// <summary>The body, again when it fails.</summary>
    Retry,

    /// <summary>The body, for so long at most.</summary>
    Timeout,

    /// <summary>The body, and a handler for its failure.</summary>
    Try,

    /// <summary>Fails.</summary>
    Fail,

    /// <summary>The left node; the right one takes it back when something fails later.</summary>
    Undo,

    /// <summary>The body once for each row of a result.</summary>
    ForEach,

    /// <summary>A registered workflow as a step.</summary>
    Call,

    /// <summary>An HTTP request with a JSON body.</summary>
    HttpJson,
}
