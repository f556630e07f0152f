using Microsoft.Extensions.DependencyInjection;

namespace PgDurable;

/// <summary>The definition of an activity with a result.</summary>
/// <typeparam name="TIn">The type of the input.</typeparam>
/// <typeparam name="TOut">The type of the result.</typeparam>
public sealed class ActivityDefinition<TIn, TOut> : ActivityDefinition
{
    internal ActivityDefinition(
        string name, bool isTransactional, ActivityJson<TIn> input, ActivityJson<TOut> result, ActivityRun run,
        Action<IServiceCollection> register)
        : base(name, isTransactional, run, register) => (Input, Result) = (input, result);

    internal ActivityJson<TIn> Input { get; }

    internal ActivityJson<TOut> Result { get; }
}
