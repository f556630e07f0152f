using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using PgDurable.Graph;

namespace PgDurable.Worker.Engine;

/// <summary>Builds graph envelopes with calls like those of the composers.</summary>
internal static class Graphs
{
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Step(string query) => Node("SQL", query: query);

    public static string Then(params string[] nodes) => nodes.Aggregate((left, right) => Node("THEN", left, right));

    public static string If(string condition, string then, string otherwise) => Node("IF", then, otherwise, condition);

    public static string IfRows(string name, string then, string otherwise) =>
        Node("IF", then, otherwise, query: Config(new() { ["condition_type"] = "result_has_rows", ["result_name"] = name }));

    public static string Join(params string[] branches) => Node("JOIN", branches[0], branches[1], extra: branches[2..]);

    public static string Race(params string[] branches) => Node("RACE", branches[0], branches[1], extra: branches[2..]);

    public static string Loop(string body, string? condition = null, int? minIntervalMs = null, bool continueOnFailure = false) => Node(
        "LOOP", body, condition: condition, query: new LoopSettings(minIntervalMs, continueOnFailure).Config);

    public static string Break(string? value = null) => Node("BREAK", query: Config(new() { ["break_value"] = value }));

    public static string Sleep(decimal seconds) => Node("SLEEP", query: seconds.ToString(CultureInfo.InvariantCulture));

    public static string SleepFor(string reference) => Node("SLEEP", query: Config(new() { ["seconds"] = reference }));

    public static string SleepUntil(string moment) => Node("SLEEP", query: Config(new() { ["until"] = moment }));

    public static string Schedule(string cron, string? timeZone = null) =>
        Node("WAIT_SCHEDULE", query: Config(new() { ["cron_expr"] = cron, ["timezone"] = timeZone }));

    public static string SignalWithin(string name, string reference) =>
        Node("SIGNAL", query: Config(new() { ["signal_name"] = name, ["timeout_seconds"] = reference }));

    public static string Signal(string name, double? timeoutSeconds = null) =>
        Node("SIGNAL", query: Config(new() { ["signal_name"] = name, ["timeout_seconds"] = timeoutSeconds }));

    public static string RetryAfter(string body, string delay) => Node("RETRY", body, query: Config(new()
    {
        ["max_attempts"] = 3,
        ["delay_seconds"] = delay,
        ["backoff"] = 2,
        ["max_delay_seconds"] = 60,
        ["retry_on"] = null,
    }));

    public static string Retry(
        string body, int maxAttempts = 3, double delay = 1, double backoff = 2, double maxDelay = 60, params string[]? retryOn) =>
        Node("RETRY", body, query: Config(new()
        {
            ["max_attempts"] = maxAttempts,
            ["delay_seconds"] = delay,
            ["backoff"] = backoff,
            ["max_delay_seconds"] = maxDelay,
            ["retry_on"] = retryOn is { Length: > 0 }
                ? new System.Text.Json.Nodes.JsonArray([.. retryOn.Select(state => JsonValue.Create(state))])
                : null,
        }));

    public static string Timeout(string body, double seconds) =>
        Node("TIMEOUT", body, query: Config(new() { ["timeout_seconds"] = seconds }));

    public static string Try(string body, string handler, string? last = null) =>
        Node("TRY", body, handler, extra: last is null ? [] : [last]);

    public static string Fail(string message, string? sqlState = null) =>
        Node("FAIL", query: Config(new() { ["message"] = message, ["sqlstate"] = sqlState }));

    public static string Undo(string forward, string undo) => Node("UNDO", forward, undo);

    public static string ForEach(string rows, string body, string itemName = "item", int? maxParallel = null) =>
        Node("FOREACH", body, query: Config(new() { ["rows"] = rows, ["item_name"] = itemName, ["max_parallel"] = maxParallel }));

    public static string Call(string workflow, string? input = null, int? version = null) => Node("CALL", query: Config(new()
    {
        ["workflow"] = workflow,
        ["input"] = input is null ? null : JsonNode.Parse(input),
        ["version"] = version,
    }));

    public static string Activity(string name, string? input = null, string? queue = null) => Node("ACTIVITY", query: Config(new()
    {
        ["activity"] = name,
        ["input"] = input is null ? null : JsonNode.Parse(input),
        ["queue"] = queue,
    }));

    public static string Http(string kind, JsonObject config) => Node(kind, query: Config(config));

    /// <summary>The node with a name for its result.</summary>
    public static string As(this string node, string name) => $"{node[..^1]},\"result_name\":{Quote(name)}}}";

    private static string Node(
        string kind, string? left = null, string? right = null, string? condition = null, string[]? extra = null, string? query = null)
    {
        var members = new List<string> { $"\"node_type\":{Quote(kind)}" };
        if (left is not null)
            members.Add($"\"left_node\":{left}");
        if (right is not null)
            members.Add($"\"right_node\":{right}");
        if (condition is not null)
            members.Add($"\"condition_node\":{condition}");
        if (extra is { Length: > 0 })
            members.Add($"\"extra_nodes\":[{string.Join(',', extra)}]");
        if (query is not null)
            members.Add($"\"query\":{Quote(query)}");
        return $"{{{string.Join(',', members)}}}";
    }

    private static string Config(JsonObject config) => config.ToJsonString(Options);

    private static string Quote(string text) => JsonSerializer.Serialize(text, Options);
}
