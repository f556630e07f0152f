using System.Text.Json;

namespace PgDurable.Testing.Tests.Samples;

/// <summary>Definitions as the generator makes them.</summary>
static class Definitions
{
    public static WorkflowDefinition<TIn, TOut> Of<TIn, TOut>(
        string name, int version, DfNode graph, Action<Utf8JsonWriter, TIn> write, Func<JsonElement, TOut> read) =>
        new(name, version, graph.ToJson(), graph.ToSql(), Object(write), read);

    public static WorkflowDefinition<TIn> Of<TIn>(string name, int version, DfNode graph, Action<Utf8JsonWriter, TIn> write) =>
        new(name, version, graph.ToJson(), graph.ToSql(), Object(write));

    /// <summary>A workflow without input.</summary>
    public static WorkflowDefinition<object> Of(string name, DfNode graph, int version = 1) =>
        Of<object>(name, version, graph, (_, _) => { });

    static Action<Utf8JsonWriter, TIn> Object<TIn>(Action<Utf8JsonWriter, TIn> write) => (json, input) =>
    {
        json.WriteStartObject();
        write(json, input);
        json.WriteEndObject();
    };
}
