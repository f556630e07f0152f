namespace PgDurable;

/// <summary>What the database is to be told about a task.</summary>
/// <param name="Run">The task.</param>
internal abstract record Report(TaskRun Run)
{
    /// <summary>Called when the task turns out to be lost, so that there is nothing to tell.</summary>
    public virtual void Lost()
    {
    }

    /// <summary>The activity has completed.</summary>
    internal sealed record Completion(TaskRun Run, string ResultJson) : Report(Run);

    /// <summary>The activity has failed.</summary>
    internal sealed record Failure(TaskRun Run, ActivityFailure What) : Report(Run);

    /// <summary>The activity didn't run, or not to its end: it is due again.</summary>
    internal sealed record Release(TaskRun Run, TimeSpan Delay) : Report(Run);

    /// <summary>The activity goes on, and says how far it is.</summary>
    internal sealed record Progress(TaskRun Run, string Json) : Report(Run)
    {
        private readonly TaskCompletionSource _recorded = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Recorded => _recorded.Task;

        public void Done() => _recorded.TrySetResult();

        public void Refused(Exception exception) => _recorded.TrySetException(exception);

        public override void Lost() => _recorded.TrySetCanceled(Run.StopToken);
    }
}
