using System.Text.Encodings.Web;
using System.Text.Json;

namespace PgDurable.Worker.Tests.Fixtures;

/// <summary>Writes graph envelopes without the product's help.</summary>
static class Graphs
{
    static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Sql(string query, string? name = null) =>
        $$"""{"node_type":"SQL","query":{{Text(query)}}{{(name is null ? "" : $",\"result_name\":{Text(name)}")}}}""";

    /// <summary>One step after the other.</summary>
    public static string Sequence(params (string? Name, string Query)[] steps) => steps
        .Select(step => Sql(step.Query, step.Name))
        .Aggregate((left, right) => $$"""{"node_type":"THEN","left_node":{{left}},"right_node":{{right}}}""");

    public static string Sequence(params string[] steps) => Sequence(Array.ConvertAll(steps, step => ((string?)null, step)));

    public static string Text(string text) => JsonSerializer.Serialize(text, Options);
}
