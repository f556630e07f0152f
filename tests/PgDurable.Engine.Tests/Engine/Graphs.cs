using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PgDurable.Worker.Engine;

/// <summary>Envelopes of all node kinds, written without the product's help.</summary>
internal static class Graphs
{
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Step(string query, string? name = null) => Node("SQL", query: query, name: name);

    public static string Then(string left, string right, string? name = null) => Node("THEN", left, right, name: name);

    public static string Sequence(params string[] nodes) => nodes.Aggregate((left, right) => Then(left, right));

    public static string If(string condition, string yes, string no) => Node("IF", yes, no, condition: condition);

    public static string IfRows(string result, string yes, string no) =>
        Node("IF", yes, no, query: $$"""{"condition_type":"result_has_rows","result_name":{{Text(result)}}}""");

    public static string Join(params string[] branches) => Node("JOIN", branches[0], branches[1], extra: branches[2..]);

    public static string Race(params string[] branches) => Node("RACE", branches[0], branches[1], extra: branches[2..]);

    public static string Loop(string body, string? condition = null, int? minInterval = null) =>
        Node("LOOP", body, condition: condition, query: minInterval is { } ms ? Invariant($$"""{"min_interval_ms":{{ms}}}""") : null);

    public static string Break(string? value = null) => Node("BREAK", query: $$"""{"break_value":{{(value is null ? "null" : Text(value))}}}""");

    public static string Sleep(int seconds) => Node("SLEEP", query: Invariant($"{seconds}"));

    public static string Schedule(string cron, string? zone = null) =>
        Node("WAIT_SCHEDULE", query: $$"""{"cron_expr":{{Text(cron)}}{{(zone is null ? "" : $",\"timezone\":{Text(zone)}")}}}""");

    public static string Signal(string name, int? timeout = null) =>
        Node("SIGNAL", query: $$"""{"signal_name":{{Text(name)}},"timeout_seconds":{{Number(timeout)}}}""");

    public static string Retry(string body, int attempts, int delay = 1, int backoff = 2, int maxDelay = 60, params string[] on) =>
        Node("RETRY", body, query: Invariant(
            $$"""{"max_attempts":{{attempts}},"delay_seconds":{{delay}},"backoff":{{backoff}},"max_delay_seconds":{{maxDelay}},"retry_on":{{(on.Length == 0 ? "null" : JsonSerializer.Serialize(on))}}}"""));

    public static string Timeout(string body, int seconds) => Node("TIMEOUT", body, query: Invariant($$"""{"timeout_seconds":{{seconds}}}"""));

    public static string Try(string body, string handler, string? last = null) => Node("TRY", body, handler, extra: last is null ? [] : [last]);

    public static string Fail(string message, string? state = null) =>
        Node("FAIL", query: $$"""{"message":{{Text(message)}},"sqlstate":{{(state is null ? "null" : Text(state))}}}""");

    public static string Undo(string forward, string undo) => Node("UNDO", forward, undo);

    public static string ForEach(string rows, string body, int? parallel = null, string item = "item") =>
        Node("FOREACH", body, query: $$"""{"rows":{{Text(rows)}},"item_name":{{Text(item)}},"max_parallel":{{Number(parallel)}}}""");

    public static string Call(string workflow, string? inputJson = null, string? name = null) =>
        Node("CALL", query: $$"""{"workflow":{{Text(workflow)}},"input":{{inputJson ?? "null"}},"version":null}""", name: name);

    public static string Http(string url, string? body = null, string? name = null) =>
        Node("HTTP", query: $$"""{"url":{{Text(url)}},"method":"POST","body":{{(body is null ? "null" : Text(body))}},"headers":null,"timeout_seconds":30}""", name: name);

    public static string Named(string node, string name) => $"{node[..^1]},\"result_name\":{Text(name)}}}";

    /// <summary>One row with the column v.</summary>
    public static StepResult Row(int value) =>
        new(Invariant($$"""{"rows":[{"v":{{value}}}],"row_count":1,"rows_affected":0}"""), [new ResultColumn("v", "pg_catalog.int4")]);

    /// <summary>Rows with the column v.</summary>
    public static StepResult Rows(params int[] values) =>
        new(Invariant($$"""{"rows":[{{string.Join(',', values.Select(value => Invariant($$"""{"v":{{value}}}""")))}}],"row_count":{{values.Length}},"rows_affected":0}"""),
            [new ResultColumn("v", "pg_catalog.int4")]);

    private static string Node(string type, string? left = null, string? right = null, string? query = null, string? name = null, string? condition = null, string[]? extra = null) =>
        $"{{\"node_type\":\"{type}\""
        + (query is null ? "" : $",\"query\":{Text(query)}")
        + (left is null ? "" : $",\"left_node\":{left}")
        + (right is null ? "" : $",\"right_node\":{right}")
        + (condition is null ? "" : $",\"condition_node\":{condition}")
        + (extra is null or [] ? "" : $",\"extra_nodes\":[{string.Join(',', extra)}]")
        + (name is null ? "" : $",\"result_name\":{Text(name)}")
        + "}";

    private static string Text(string text) => JsonSerializer.Serialize(text, Options);

    private static string Number(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "null";

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
