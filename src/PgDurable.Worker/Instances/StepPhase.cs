namespace PgDurable.Worker.Instances;

/// <summary>How far a step has come, which says what the loss of its connection means.</summary>
internal enum StepPhase
{
    /// <summary>Its commit was not sent: a step that loses its connection has done nothing, and can run again.</summary>
    NotCommitted,

    /// <summary>Its commit was sent: after a loss of the connection only the database knows whether it is committed.</summary>
    MayBeCommitted,
}
