using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace PgDurable;

/// <summary>An activity's name, and how to create and run it. Created by the generator.</summary>
public abstract class ActivityDefinition
{
    private protected ActivityDefinition(string name, bool isTransactional, ActivityRun run, Action<IServiceCollection> register)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        (Name, IsTransactional, Run, Register) = (name, isTransactional, run, register);
    }

    /// <summary>The activity's name, as given in <see cref="ActivityAttribute"/>.</summary>
    public string Name { get; }

    /// <summary>Whether the activity's writes and its completion are one transaction.</summary>
    public bool IsTransactional { get; }

    internal ActivityRun Run { get; }

    /// <summary>Adds the activity's class to an application's services.</summary>
    internal Action<IServiceCollection> Register { get; }

    /// <summary>Creates the definition of an activity without a result. Called by generated code.</summary>
    /// <typeparam name="TActivity">The activity's class.</typeparam>
    /// <typeparam name="TIn">Its input.</typeparam>
    /// <param name="name">The activity's name.</param>
    /// <param name="writeInput">Writes an input as JSON.</param>
    /// <param name="readInput">Reads an input.</param>
    /// <returns>The definition.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static ActivityDefinition<TIn> Create<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TActivity, TIn>(
        string name, Action<Utf8JsonWriter, TIn> writeInput, Func<JsonElement, TIn> readInput)
        where TActivity : class, IActivity<TIn>
    {
        var json = new ActivityJson<TIn>(writeInput, readInput);
        return new(name, false, json, async (services, input, _, context, ct) =>
        {
            await services.GetRequiredService<TActivity>().RunAsync(json.ReadInput(name, input), context, ct);
            return "null";
        }, services => services.TryAddScoped<TActivity>());
    }

    /// <summary>Creates the definition of an activity with a result. Called by generated code.</summary>
    /// <typeparam name="TActivity">The activity's class.</typeparam>
    /// <typeparam name="TIn">Its input.</typeparam>
    /// <typeparam name="TOut">Its result.</typeparam>
    /// <param name="name">The activity's name.</param>
    /// <param name="writeInput">Writes an input as JSON.</param>
    /// <param name="readInput">Reads an input.</param>
    /// <param name="writeResult">Writes a result as JSON.</param>
    /// <param name="readResult">Reads a result.</param>
    /// <returns>The definition.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static ActivityDefinition<TIn, TOut> Create<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TActivity, TIn, TOut>(
        string name, Action<Utf8JsonWriter, TIn> writeInput, Func<JsonElement, TIn> readInput, Action<Utf8JsonWriter, TOut> writeResult,
        Func<JsonElement, TOut> readResult)
        where TActivity : class, IActivity<TIn, TOut>
    {
        var (json, result) = (new ActivityJson<TIn>(writeInput, readInput), new ActivityJson<TOut>(writeResult, readResult));
        return new(name, false, json, result, async (services, input, _, context, ct) =>
            result.Write(await services.GetRequiredService<TActivity>().RunAsync(json.ReadInput(name, input), context, ct)),
            services => services.TryAddScoped<TActivity>());
    }

    /// <summary>Creates the definition of a transactional activity without a result. Called by generated code.</summary>
    /// <typeparam name="TActivity">The activity's class.</typeparam>
    /// <typeparam name="TIn">Its input.</typeparam>
    /// <param name="name">The activity's name.</param>
    /// <param name="writeInput">Writes an input as JSON.</param>
    /// <param name="readInput">Reads an input.</param>
    /// <returns>The definition.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static ActivityDefinition<TIn> CreateTransactional<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TActivity, TIn>(
        string name, Action<Utf8JsonWriter, TIn> writeInput, Func<JsonElement, TIn> readInput)
        where TActivity : class, ITransactionalActivity<TIn>
    {
        var json = new ActivityJson<TIn>(writeInput, readInput);
        return new(name, true, json, async (services, input, transaction, context, ct) =>
        {
            await services.GetRequiredService<TActivity>().RunAsync(json.ReadInput(name, input), transaction!, context, ct);
            return "null";
        }, services => services.TryAddScoped<TActivity>());
    }

    /// <summary>Creates the definition of a transactional activity with a result. Called by generated code.</summary>
    /// <typeparam name="TActivity">The activity's class.</typeparam>
    /// <typeparam name="TIn">Its input.</typeparam>
    /// <typeparam name="TOut">Its result.</typeparam>
    /// <param name="name">The activity's name.</param>
    /// <param name="writeInput">Writes an input as JSON.</param>
    /// <param name="readInput">Reads an input.</param>
    /// <param name="writeResult">Writes a result as JSON.</param>
    /// <param name="readResult">Reads a result.</param>
    /// <returns>The definition.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static ActivityDefinition<TIn, TOut> CreateTransactional<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TActivity, TIn, TOut>(
        string name, Action<Utf8JsonWriter, TIn> writeInput, Func<JsonElement, TIn> readInput, Action<Utf8JsonWriter, TOut> writeResult,
        Func<JsonElement, TOut> readResult)
        where TActivity : class, ITransactionalActivity<TIn, TOut>
    {
        var (json, result) = (new ActivityJson<TIn>(writeInput, readInput), new ActivityJson<TOut>(writeResult, readResult));
        return new(name, true, json, result, async (services, input, transaction, context, ct) =>
            result.Write(await services.GetRequiredService<TActivity>().RunAsync(json.ReadInput(name, input), transaction!, context, ct)),
            services => services.TryAddScoped<TActivity>());
    }
}
