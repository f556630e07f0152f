using System.Collections.Immutable;
using System.Text.Json;

namespace PgDurable.Graph;

/// <summary>The settings that a node carries in its query.</summary>
internal abstract record NodeConfig
{
    private NodeConfig() { }

    /// <summary>IF over the rows of a named result.</summary>
    public sealed record RowTest(string ResultName) : NodeConfig;

    /// <summary>LOOP with a pace of its own, in milliseconds.</summary>
    public sealed record Pace(int MinIntervalMs) : NodeConfig;

    /// <summary>BREAK; NULL is the value null.</summary>
    public sealed record BreakValue(string? Value) : NodeConfig;

    public sealed record Sleep(long Seconds) : NodeConfig;

    public sealed record Schedule(string Cron, string? TimeZone) : NodeConfig;

    /// <summary>SIGNAL; no time-out is for ever.</summary>
    public sealed record Signal(string Name, int? TimeoutSeconds) : NodeConfig;

    /// <summary>RETRY; without a list of SQLSTATEs and classes, those are retried that may pass by themselves.</summary>
    public sealed record Retry(int MaxAttempts, double DelaySeconds, double Backoff, double MaxDelaySeconds, ImmutableArray<string>? RetryOn) : NodeConfig;

    public sealed record Timeout(double Seconds) : NodeConfig;

    public sealed record Fail(string Message, string? SqlState) : NodeConfig;

    public sealed record ForEach(string Rows, string ItemName, int? MaxParallel) : NodeConfig;

    /// <summary>CALL; the input is a JSON template.</summary>
    public sealed record Call(string Workflow, string? InputJson, int? Version) : NodeConfig;

    /// <summary>HTTP, HTTP_MULTIPART and HTTP_JSON. The body is text, or for HTTP_JSON a JSON template.</summary>
    public sealed record Http(
        string Url, string Method, string? Body, ImmutableArray<KeyValuePair<string, string>> Headers, ImmutableArray<Part> Parts, int TimeoutSeconds) : NodeConfig;

    /// <summary>A part of a multipart body.</summary>
    internal sealed record Part(string Name, string? FileName, string? ContentType, string DataBase64);

    /// <exception cref="FormatException">The settings are not what the kind needs.</exception>
    public static NodeConfig? Read(NodeKind kind, string? query)
    {
        if (kind == NodeKind.Sleep)
        {
            return long.TryParse(query, System.Globalization.CultureInfo.InvariantCulture, out var seconds) && seconds >= 0
                ? new Sleep(seconds)
                : throw new FormatException("SLEEP nodes need a query that is a number of seconds");
        }
        if (query is null || kind is NodeKind.Sql) return null;
        using var document = Parse(kind, query);
        var config = new ConfigObject(kind, document.RootElement);
        return kind switch
        {
            NodeKind.If => config.Has("condition_type") ? new RowTest(config.Text("result_name")) : null,
            NodeKind.Loop => config.Has("min_interval_ms") ? new Pace(config.Integer("min_interval_ms", 0, 86_400_000)) : null,
            NodeKind.Break => new BreakValue(config.OptionalText("break_value")),
            NodeKind.WaitSchedule => new Schedule(config.Text("cron_expr"), config.OptionalText("timezone")),
            NodeKind.Signal => new Signal(config.Text("signal_name"), config.OptionalInteger("timeout_seconds", 1, int.MaxValue)),
            NodeKind.Retry => new Retry(
                config.Integer("max_attempts", 1, 1000), config.Number("delay_seconds", 0, 31_536_000, 1), config.Number("backoff", 1, 100, 2),
                config.Number("max_delay_seconds", 0, 31_536_000, 60), config.OptionalTexts("retry_on")),
            NodeKind.Timeout => new Timeout(config.Number("timeout_seconds", double.Epsilon, 31_536_000, null)),
            NodeKind.Fail => new Fail(config.Text("message"), config.OptionalText("sqlstate")),
            NodeKind.ForEach => new ForEach(config.Text("rows"), config.OptionalText("item_name") ?? "item", config.OptionalInteger("max_parallel", 1, 1000)),
            NodeKind.Call => new Call(config.Text("workflow"), config.OptionalJson("input"), config.OptionalInteger("version", 1, int.MaxValue)),
            NodeKind.Http or NodeKind.HttpMultipart or NodeKind.HttpJson => new Http(
                config.Text("url"), config.Text("method"), kind == NodeKind.HttpJson ? config.OptionalJson("body") : config.OptionalText("body"),
                config.Headers(), kind == NodeKind.HttpMultipart ? config.Parts() : [], config.OptionalInteger("timeout_seconds", 1, int.MaxValue) ?? 30),
            _ => null,
        };
    }

    private static JsonDocument Parse(NodeKind kind, string query)
    {
        try
        {
            return JsonDocument.Parse(query);
        }
        catch (JsonException e)
        {
            throw new FormatException($"query in {NodeKinds.Name(kind)} must be valid JSON config: {e.Message}", e);
        }
    }
}
