using PgDurable.Worker.Engine;

namespace PgDurable.Testing.Running;

/// <summary>Stands in for the database and the network.</summary>
internal interface IAnswers
{
    /// <summary>Returns how long a step takes, in virtual time.</summary>
    TimeSpan DurationOf(TestStep step);

    ValueTask<StepAnswer> SqlAsync(TestStep step);

    /// <summary>Answers a request.</summary>
    /// <param name="step">The step.</param>
    /// <param name="call">The request to send.</param>
    /// <param name="sending">The number of times the request has been sent, including this one.</param>
    /// <param name="idempotencyKey">The request's idempotency key.</param>
    ValueTask<StepAnswer> HttpAsync(TestStep step, HttpCall call, int sending, string idempotencyKey);

    /// <summary>Runs an activity. The answer is <see cref="StepAnswer.Completed"/> or <see cref="StepAnswer.Failed"/>.</summary>
    ValueTask<StepAnswer> ActivityAsync(TestStep step);

    StepAnswer Call(TestStep step, Command.StartChild child);

    /// <summary>
    /// Ends a step: it was committed, or rolled back because the worker crashed, the step failed, or nothing needs it anymore.
    /// </summary>
    ValueTask EndAsync(bool committed);
}
