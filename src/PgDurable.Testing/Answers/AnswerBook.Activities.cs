using Npgsql;
using PgDurable.Graph;
using PgDurable.Testing.Running;
using PgDurable.Worker.Engine;

namespace PgDurable.Testing.Answers;

/// <summary>Answers an activity with its result as JSON.</summary>
/// <param name="step">The step.</param>
/// <param name="transaction">The test's transaction for a transactional activity, otherwise null.</param>
internal delegate ValueTask<string> ActivityAnswer(TestStep step, NpgsqlTransaction? transaction);

/// <content>The answers of activities.</content>
internal sealed partial class AnswerBook
{
    private readonly List<Activity> _activities = [];

    /// <summary>Adds an answer for an activity. Each answer is for one run, and the last one for all further runs.</summary>
    public void Answer(string activity, ActivityAnswer answer, bool needsTransaction = false)
    {
        var known = _activities.Find(entry => entry.Name == activity);
        if (known is null)
            _activities.Add(known = new Activity(activity));
        known.Answers.Add((answer, needsTransaction));
    }

    public async ValueTask<StepAnswer> ActivityAsync(TestStep step)
    {
        if (Failure(step) is { } failure)
            return Failed(new(failure.ToError(null).Message, failure.SqlState, IsRetryable: true));
        var name = step.ActivityContext!.Activity;
        var activity = Books(step).Select(book => book._activities.Find(entry => entry.Name == name)
                ?? book._activities.Find(entry => StepNames.Match(entry.Name, step.Definition))).OfType<Activity>().FirstOrDefault()
            ?? throw Suggestion.UnansweredActivity(step);
        var (answer, needsTransaction) = activity.Next();
        try
        {
            var transaction = needsTransaction ? await BeginAsync(name).ConfigureAwait(false) : null;
            var json = await answer(step, transaction).ConfigureAwait(false);
            return Refused(json) is { } refused ? Failed(refused) : new StepAnswer.Completed(new StepResult(json, null));
        }
        catch (Exception e) when (e is not WorkflowTestException)
        {
            return Failed(ActivityFailure.Of(e));
        }
    }

    private ValueTask<NpgsqlTransaction> BeginAsync(string activity) => Database is not null
        ? Database.BeginActivityAsync(activity)
        : throw new WorkflowTestException(
            $"Activity '{activity}' runs in a transaction, and this test has no database. "
            + "Answer the activity with .Answer(…), or add .UsePostgres(…).");

    // The database refuses what no step could use.
    private static ActivityFailure? Refused(string resultJson)
    {
        try
        {
            JsonbText.Write(WorkflowTest.ReadJson(resultJson));
            return null;
        }
        catch (FormatException e)
        {
            return new($"no step can use the result: {e.Message}", PostgresErrorCodes.InvalidParameterValue, false);
        }
    }

    private static StepAnswer.Failed Failed(ActivityFailure failure) =>
        new(new StepError(failure.Message, failure.SqlState) { IsRetryable = failure.IsRetryable });

    private sealed class Activity(string name)
    {
        private int _runs;

        public string Name => name;

        public List<(ActivityAnswer Answer, bool NeedsTransaction)> Answers { get; } = [];

        public (ActivityAnswer Answer, bool NeedsTransaction) Next() => Answers[Math.Min(_runs++, Answers.Count - 1)];
    }
}
