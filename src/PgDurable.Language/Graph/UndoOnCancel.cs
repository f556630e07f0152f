namespace PgDurable.Graph;

/// <summary>
/// A graph that undoes its steps when it is canceled: it races against a signal that <c>df.cancel</c> sends, and that fails the instance.
/// SQL composes the same with <c>df.undo_on_cancel</c>.
/// </summary>
internal static class UndoOnCancel
{
    /// <summary>The signal, and the name of its wait.</summary>
    public const string Signal = "sys_cancel";

    /// <summary>The SQLSTATE of the failure. An instance that ends with it has the status <c>cancelled</c>.</summary>
    public const string SqlState = "DF023";

    /// <summary>The message of the failure: the reason given to <c>df.cancel</c>.</summary>
    public const string Message = $"canceled: ${Signal}.data";
}
