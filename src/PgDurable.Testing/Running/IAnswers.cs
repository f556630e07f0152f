using PgDurable.Worker.Engine;

namespace PgDurable.Testing.Running;

/// <summary>What stands in for the database and the network.</summary>
internal interface IAnswers
{
    /// <summary>How long a step takes, in virtual time.</summary>
    TimeSpan DurationOf(TestStep step);

    ValueTask<StepAnswer> SqlAsync(TestStep step);

    /// <param name="step">The step.</param>
    /// <param name="call">What is to be sent.</param>
    /// <param name="sending">Which sending it is, from 1.</param>
    /// <param name="idempotencyKey">The key that goes with it.</param>
    ValueTask<StepAnswer> HttpAsync(TestStep step, HttpCall call, int sending, string idempotencyKey);

    StepAnswer Call(TestStep step, Command.StartChild child);

    /// <summary>The step was committed, or was rolled back because the worker died, it failed, or nobody wanted it any more.</summary>
    ValueTask EndAsync(bool committed);
}
