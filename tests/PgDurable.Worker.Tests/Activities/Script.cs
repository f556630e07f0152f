using System.Collections.Concurrent;
using System.Text.Json;
using Npgsql;

namespace PgDurable.Worker.Tests.Activities;

/// <summary>What the activities of a test do, by name, and how often they began.</summary>
sealed class Script
{
    readonly Dictionary<string, Func<JsonElement, ActivityContext, CancellationToken, Task<JsonElement>>> _plain = [];
    readonly Dictionary<string, Func<JsonElement, NpgsqlTransaction, ActivityContext, CancellationToken, Task<JsonElement>>>
        _inTransaction = [];

    /// <summary>The activities.</summary>
    public IReadOnlyList<ActivityDefinition> Definitions =>
    [
        .. _plain.Keys.Select(Plain),
        .. _inTransaction.Keys.Select(name => ActivityDefinition.CreateTransactional<InTransaction, JsonElement, JsonElement>(
            name, Write, Read, Write, Read)),
    ];

    /// <summary>Each run that began.</summary>
    public ConcurrentQueue<ActivityContext> Runs { get; } = new();

    public static ActivityDefinition<JsonElement, JsonElement> Plain(string name) =>
        ActivityDefinition.Create<Code, JsonElement, JsonElement>(name, Write, Read, Write, Read);

    public Script On(string name, Func<JsonElement, ActivityContext, CancellationToken, Task<JsonElement>> code)
    {
        _plain[name] = code;
        return this;
    }

    public Script OnTransaction(
        string name, Func<JsonElement, NpgsqlTransaction, ActivityContext, CancellationToken, Task<JsonElement>> code)
    {
        _inTransaction[name] = code;
        return this;
    }

    /// <summary>How many runs of an activity have begun.</summary>
    public int Count(string activity) => Runs.Count(run => run.Activity == activity);

    public Task BegunAsync(string activity, int count = 1) =>
        Poll.UntilAsync($"{activity} has begun {count} times", () => Task.FromResult(Count(activity) >= count));

    static void Write(Utf8JsonWriter writer, JsonElement value) => value.WriteTo(writer);

    static JsonElement Read(JsonElement json) => json.Clone();

    public sealed class Code(Script script) : IActivity<JsonElement, JsonElement>
    {
        public Task<JsonElement> RunAsync(JsonElement input, ActivityContext context, CancellationToken ct)
        {
            script.Runs.Enqueue(context);
            return script._plain[context.Activity](input, context, ct);
        }
    }

    public sealed class InTransaction(Script script) : ITransactionalActivity<JsonElement, JsonElement>
    {
        public Task<JsonElement> RunAsync(JsonElement input, NpgsqlTransaction transaction, ActivityContext context, CancellationToken ct)
        {
            script.Runs.Enqueue(context);
            return script._inTransaction[context.Activity](input, transaction, context, ct);
        }
    }
}
