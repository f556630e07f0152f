namespace PgDurable;

/// <summary>What happens to the steps of a workflow when an instance of it is canceled.</summary>
public enum OnCancel
{
    /// <summary>The instance ends at once. What its steps have committed stays.</summary>
    Stop,

    /// <summary>
    /// What is running stops, and then the undos of all completed steps run (<see cref="Flow.Compensate"/>), the last one first. Handlers
    /// and last parts of <c>Try</c> don't run. After that the status is <c>cancelled</c>.
    /// </summary>
    Undo,
}
