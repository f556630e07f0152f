using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using PgDurable.Testing.Answers;

namespace PgDurable.Testing;

/// <content>
/// The answers of activities. If you call these repeatedly for the same activity, each answer is for one run, and the last one for all
/// further runs. An <see cref="ActivityException"/> fails the step in the way that it says; any other exception fails it as in an
/// application: most with DF022, and another attempt may succeed.
/// </content>
public sealed partial class WorkflowTest<TOut>
{
    /// <summary>Answers an activity with a function.</summary>
    /// <typeparam name="TIn">The activity's input.</typeparam>
    /// <typeparam name="TResult">The activity's result.</typeparam>
    /// <param name="activity">The activity's definition.</param>
    /// <param name="answer">The function. It throws an <see cref="ActivityException"/> to fail.</param>
    public WorkflowTest<TOut> Answer<TIn, TResult>(ActivityDefinition<TIn, TResult> activity, Func<TIn, TResult> answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return Answer(activity, (input, _) => answer(input));
    }

    /// <summary>Answers an activity with a function that also sees the step.</summary>
    /// <typeparam name="TIn">The activity's input.</typeparam>
    /// <typeparam name="TResult">The activity's result.</typeparam>
    /// <param name="activity">The activity's definition.</param>
    /// <param name="answer">The function. It throws an <see cref="ActivityException"/> to fail.</param>
    public WorkflowTest<TOut> Answer<TIn, TResult>(ActivityDefinition<TIn, TResult> activity, Func<TIn, TestStep, TResult> answer)
    {
        ArgumentNullException.ThrowIfNull(activity);
        ArgumentNullException.ThrowIfNull(answer);
        return Add(activity, step => activity.Result.Write(answer(activity.Input.ReadInput(activity.Name, step.InputJson!), step)));
    }

    /// <summary>Answers an activity without a result.</summary>
    /// <typeparam name="TIn">The activity's input.</typeparam>
    /// <param name="activity">The activity's definition.</param>
    /// <param name="answer">Receives the input. It throws an <see cref="ActivityException"/> to fail.</param>
    public WorkflowTest<TOut> Answer<TIn>(ActivityDefinition<TIn> activity, Action<TIn> answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return Answer(activity, (input, _) => answer(input));
    }

    /// <summary>Answers an activity without a result. The function also sees the step.</summary>
    /// <typeparam name="TIn">The activity's input.</typeparam>
    /// <param name="activity">The activity's definition.</param>
    /// <param name="answer">Receives the input and the step. It throws an <see cref="ActivityException"/> to fail.</param>
    public WorkflowTest<TOut> Answer<TIn>(ActivityDefinition<TIn> activity, Action<TIn, TestStep> answer)
    {
        ArgumentNullException.ThrowIfNull(activity);
        ArgumentNullException.ThrowIfNull(answer);
        return Add(activity, step =>
        {
            answer(activity.Input.ReadInput(activity.Name, step.InputJson!), step);
            return "null";
        });
    }

    /// <summary>Answers an activity by its name, such as one of a graph that was composed at run time.</summary>
    /// <param name="activity">The activity's name.</param>
    /// <param name="answer">
    /// The function. It returns an object, whose properties are serialized in snake_case, a <see cref="JsonElement"/>, which is used
    /// unchanged, null for JSON null, or a <see cref="StepFailure"/>, of which the SQLSTATE and the message count.
    /// </param>
    public WorkflowTest<TOut> Answer(string activity, Func<JsonElement, object?> answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return Answer(activity, (input, _) => answer(input));
    }

    /// <summary>Answers an activity by its name, with a function that also sees the step.</summary>
    /// <param name="activity">The activity's name.</param>
    /// <param name="answer">The function. It returns the same values as that of the overload without the step.</param>
    public WorkflowTest<TOut> Answer(string activity, Func<JsonElement, TestStep, object?> answer)
    {
        ArgumentException.ThrowIfNullOrEmpty(activity);
        ArgumentNullException.ThrowIfNull(answer);
        _answers.Add(book => book.Answer(activity, (step, _) =>
        {
            var result = answer(WorkflowTest.ReadJson(step.InputJson!), step);
            return result switch
            {
                StepFailure failure => throw new ActivityException(failure.ToError(null).Message, failure.SqlState),
                JsonElement json => ValueTask.FromResult(json.GetRawText()),
                _ => ValueTask.FromResult(JsonValues.Write(result)),
            };
        }));
        return this;
    }

    /// <summary>Runs an activity's class. A time limit or a crash never interrupts it: it takes no virtual time.</summary>
    /// <typeparam name="TIn">The activity's input.</typeparam>
    /// <param name="activity">The activity's definition.</param>
    /// <param name="implementation">An object of the class. All runs share it.</param>
    public WorkflowTest<TOut> Use<TIn>(ActivityDefinition<TIn> activity, IActivity<TIn> implementation)
    {
        ArgumentNullException.ThrowIfNull(activity);
        ArgumentNullException.ThrowIfNull(implementation);
        return Add(activity, async (step, _) =>
        {
            await implementation.RunAsync(activity.Input.ReadInput(activity.Name, step.InputJson!), step.ActivityContext!, default)
                .ConfigureAwait(false);
            return "null";
        });
    }

    /// <summary>Runs an activity's class. A time limit or a crash never interrupts it: it takes no virtual time.</summary>
    /// <typeparam name="TIn">The activity's input.</typeparam>
    /// <typeparam name="TResult">The activity's result.</typeparam>
    /// <param name="activity">The activity's definition.</param>
    /// <param name="implementation">An object of the class. All runs share it.</param>
    public WorkflowTest<TOut> Use<TIn, TResult>(ActivityDefinition<TIn, TResult> activity, IActivity<TIn, TResult> implementation)
    {
        ArgumentNullException.ThrowIfNull(activity);
        ArgumentNullException.ThrowIfNull(implementation);
        return Add(activity, async (step, _) => activity.Result.Write(await implementation
            .RunAsync(activity.Input.ReadInput(activity.Name, step.InputJson!), step.ActivityContext!, default).ConfigureAwait(false)));
    }

    /// <summary>
    /// Runs a transactional activity's class in the transaction of <see cref="UsePostgres(string)"/>, which is rolled back in the end.
    /// Without a database, the run throws a <see cref="WorkflowTestException"/>.
    /// </summary>
    /// <typeparam name="TIn">The activity's input.</typeparam>
    /// <param name="activity">The activity's definition.</param>
    /// <param name="implementation">An object of the class. All runs share it.</param>
    public WorkflowTest<TOut> Use<TIn>(ActivityDefinition<TIn> activity, ITransactionalActivity<TIn> implementation)
    {
        ArgumentNullException.ThrowIfNull(activity);
        ArgumentNullException.ThrowIfNull(implementation);
        return Add(activity, async (step, transaction) =>
        {
            var input = activity.Input.ReadInput(activity.Name, step.InputJson!);
            await implementation.RunAsync(input, transaction!, step.ActivityContext!, default).ConfigureAwait(false);
            return "null";
        });
    }

    /// <summary>
    /// Runs a transactional activity's class in the transaction of <see cref="UsePostgres(string)"/>, which is rolled back in the end.
    /// Without a database, the run throws a <see cref="WorkflowTestException"/>.
    /// </summary>
    /// <typeparam name="TIn">The activity's input.</typeparam>
    /// <typeparam name="TResult">The activity's result.</typeparam>
    /// <param name="activity">The activity's definition.</param>
    /// <param name="implementation">An object of the class. All runs share it.</param>
    public WorkflowTest<TOut> Use<TIn, TResult>(
        ActivityDefinition<TIn, TResult> activity, ITransactionalActivity<TIn, TResult> implementation)
    {
        ArgumentNullException.ThrowIfNull(activity);
        ArgumentNullException.ThrowIfNull(implementation);
        return Add(activity, async (step, transaction) =>
        {
            var input = activity.Input.ReadInput(activity.Name, step.InputJson!);
            return activity.Result.Write(
                await implementation.RunAsync(input, transaction!, step.ActivityContext!, default).ConfigureAwait(false));
        });
    }

    /// <summary>
    /// Runs an activity's class as an application does: each run has a service scope and an object of the class of its own. A transactional
    /// activity needs <see cref="UsePostgres(string)"/>.
    /// </summary>
    /// <param name="activity">The activity's definition.</param>
    /// <param name="services">The services, of which the activity's class is one.</param>
    public WorkflowTest<TOut> Use(ActivityDefinition activity, IServiceProvider services)
    {
        ArgumentNullException.ThrowIfNull(activity);
        ArgumentNullException.ThrowIfNull(services);
        return Add(activity, async (step, transaction) =>
        {
            await using var scope = services.CreateAsyncScope();
            return await activity.Run(scope.ServiceProvider, step.InputJson!, transaction, step.ActivityContext!, default)
                .ConfigureAwait(false);
        });
    }

    private WorkflowTest<TOut> Add(ActivityDefinition activity, Func<TestStep, string> answer)
    {
        _answers.Add(book => book.Answer(activity.Name, (step, _) => ValueTask.FromResult(answer(step))));
        return this;
    }

    private WorkflowTest<TOut> Add(ActivityDefinition activity, ActivityAnswer run)
    {
        _answers.Add(book => book.Answer(activity.Name, run, activity.IsTransactional));
        return this;
    }
}
