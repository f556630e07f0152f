namespace PgDurable.Graph;

/// <summary>The kinds of node that a graph is made of.</summary>
public enum NodeKind
{
    /// <summary>One SQL statement.</summary>
    Sql,

    /// <summary>The left node, then the right node.</summary>
    Then,

    /// <summary>The left node if the condition is true, otherwise the right node.</summary>
    If,

    /// <summary>Runs all branches at the same time and waits for all of them.</summary>
    Join,

    /// <summary>Repeats the body while the condition is true, or until a break.</summary>
    Loop,

    /// <summary>Ends the innermost loop.</summary>
    Break,

    /// <summary>Runs all branches at the same time; the first to end decides.</summary>
    Race,

    /// <summary>Waits for a duration.</summary>
    Sleep,

    /// <summary>Waits for the next tick of a cron schedule.</summary>
    WaitSchedule,

    /// <summary>An HTTP request.</summary>
    Http,

    /// <summary>An HTTP request with a multipart body.</summary>
    HttpMultipart,

    /// <summary>Waits for a signal.</summary>
    Signal,

    /// <summary>Runs the body again if it fails.</summary>
    Retry,

    /// <summary>The body, with a time limit.</summary>
    Timeout,

    /// <summary>The body, and a handler for its failure.</summary>
    Try,

    /// <summary>Fails.</summary>
    Fail,

    /// <summary>The left node. The right node undoes it if a later step fails.</summary>
    Undo,

    /// <summary>The body once for each row of a result.</summary>
    ForEach,

    /// <summary>A registered workflow as a step.</summary>
    Call,

    /// <summary>An HTTP request with a JSON body.</summary>
    HttpJson,

    /// <summary>A task for the application's own code.</summary>
    Activity,
}
