using Microsoft.Extensions.DependencyInjection;

namespace PgDurable;

/// <summary>The definition of an activity without a result.</summary>
/// <typeparam name="TIn">The type of the input.</typeparam>
public sealed class ActivityDefinition<TIn> : ActivityDefinition
{
    internal ActivityDefinition(
        string name, bool isTransactional, ActivityJson<TIn> input, ActivityRun run, Action<IServiceCollection> register)
        : base(name, isTransactional, run, register) => Input = input;

    internal ActivityJson<TIn> Input { get; }
}
