using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using PgDurable.Cron;
using static System.FormattableString;

namespace PgDurable.Graph;

/// <summary>The settings that a node carries in its query.</summary>
internal abstract partial record NodeConfig
{
    // The input of a call and the body of a request may be nested deeper than the default of 64 levels.
    private static readonly JsonDocumentOptions JsonOptions = new() { MaxDepth = JsonbText.MaxDepth };

    private NodeConfig() { }

    /// <summary>IF over the rows of a named result.</summary>
    public sealed record RowTest(string ResultName) : NodeConfig;

    /// <summary>LOOP. Its interval is in milliseconds; null uses the setting.</summary>
    public sealed record Loop(bool ContinueOnFailure, int? MinIntervalMs) : NodeConfig;

    /// <summary>BREAK. Null gives a null result.</summary>
    public sealed record BreakValue(string? Value) : NodeConfig;

    public sealed record Sleep(decimal Seconds) : NodeConfig;

    /// <summary>SLEEP for a time that a result has.</summary>
    public sealed record SleepFor(string Reference) : NodeConfig;

    /// <summary>SLEEP until a moment, or until one that a result has.</summary>
    public sealed record SleepUntil(string Moment) : NodeConfig;

    public sealed record Schedule(string Cron, string? TimeZone) : NodeConfig;

    /// <summary>SIGNAL. Without a time-out, it waits forever.</summary>
    public sealed record Signal(string Name, WaitTime? Limit) : NodeConfig;

    /// <summary>RETRY. Without a list of SQLSTATEs and classes, it retries on temporary errors.</summary>
    public sealed record Retry(
        int MaxAttempts, WaitTime Delay, double Backoff, double MaxDelaySeconds, ImmutableArray<string>? RetryOn) : NodeConfig
    {
        /// <summary>Whether a 429 response counts as a failure, and servers decide how long to wait.</summary>
        public bool RetryAfter { get; init; }
    }

    public sealed record Timeout(double Seconds) : NodeConfig;

    public sealed record Fail(string Message, string? SqlState) : NodeConfig;

    public sealed record ForEach(string Rows, string ItemName, int? MaxParallel) : NodeConfig;

    /// <summary>CALL. The input is a JSON template.</summary>
    public sealed record Call(string Workflow, string? InputJson, int? Version) : NodeConfig;

    /// <summary>ACTIVITY. The input is a JSON template. Without a queue, it is the default queue.</summary>
    public sealed record Activity(string Name, string? InputJson, string? Queue) : NodeConfig;

    /// <summary>HTTP, HTTP_MULTIPART and HTTP_JSON. The body is text, or for HTTP_JSON a JSON template.</summary>
    public sealed record Http(
        string Url, string Method, string? Body, ImmutableArray<KeyValuePair<string, string>> Headers, ImmutableArray<Part> Parts,
        int TimeoutSeconds) : NodeConfig
    {
        /// <summary>The server whose base URL <see cref="Url"/>, a path, belongs to.</summary>
        public string? Endpoint { get; init; }

        public HttpNodeOptions Options { get; init; } = HttpNodeOptions.None;
    }

    /// <summary>A part of a multipart body.</summary>
    internal sealed record Part(string Name, string? FileName, string? ContentType, string DataBase64);

    /// <summary>Reads the settings of a node that is being composed.</summary>
    /// <exception cref="FormatException">The settings don't fit the kind. The message is that of <c>df._config_problem</c>.</exception>
    public static void Check(NodeKind kind, string query)
    {
        using var settings = Parse(kind, query, out var problem);
        if (problem is not null)
            throw new FormatException(problem);
        Read(kind, query, settings, isToStart: true);
    }

    /// <param name="kind">The kind of the node.</param>
    /// <param name="query">Its query.</param>
    /// <param name="settings">The settings that <see cref="Parse"/> returned.</param>
    /// <param name="isToStart">
    /// Whether to refuse what <c>df.start</c> refuses although the worker could run it: a wait that no clock can measure, and
    /// schedules, which fail their own step if they are invalid.
    /// </param>
    /// <exception cref="FormatException">The settings don't fit the kind.</exception>
    public static NodeConfig? Read(NodeKind kind, string query, JsonDocument? settings, bool isToStart)
    {
        if (kind == NodeKind.Sleep && settings is null)
            return ReadSleep(query, isToStart);
        if (settings is null)
            return null;
        var config = new ConfigObject(settings.RootElement);
        return kind switch
        {
            NodeKind.If => config.Text("condition_type") == "result_has_rows" && config.Text("result_name") is { } name
                ? new RowTest(name)
                : throw new FormatException("query in IF must be {\"condition_type\":\"result_has_rows\",\"result_name\":\"<name>\"}"),
            NodeKind.Loop => new Loop(
                config.OptionalFlag("continue_on_failure", "continue_on_failure must be true or false"),
                config.OptionalInteger("min_interval_ms", 0, Limits.MaxIntervalMs)),
            NodeKind.Break => new BreakValue(config.OptionalText("break_value", "break_value must be a string")),
            NodeKind.WaitSchedule => ReadSchedule(config, isToStart),
            NodeKind.Signal => new Signal(
                config.Text("signal_name") is { Length: > 0 } signal ? signal : throw new FormatException("Signal name cannot be empty"),
                config.IsGiven("timeout_seconds") ? config.SignalTimeout() : null),
            NodeKind.Sleep => ReadSleep(config),
            NodeKind.Retry => ReadRetry(config),
            NodeKind.Timeout => new Timeout(
                config.NumberIn("timeout_seconds", 0, Limits.MaxTimeoutSeconds, isWhole: false) is { } seconds and > 0
                    ? (double)seconds
                    : throw new FormatException(Invariant($"timeout_seconds must be more than 0 and at most {Limits.MaxTimeoutSeconds}"))),
            NodeKind.Fail => ReadFail(config),
            NodeKind.ForEach => ReadForEach(config),
            NodeKind.Call => new Call(
                config.Text("workflow") is { Length: > 0 } workflow
                    ? workflow
                    : throw new FormatException("df.call: workflow cannot be empty"),
                config.Json("input"), config.OptionalInteger("version", 1, Limits.MaxVersion)),
            NodeKind.Activity => new Activity(
                ActivityName(config, "activity", "df.activity: name"), config.Json("input"),
                config.IsGiven("queue") ? ActivityName(config, "queue", "df.activity: queue") : null),
            NodeKind.Http or NodeKind.HttpMultipart or NodeKind.HttpJson => ReadHttp(kind, config, isToStart),
            _ => null,
        };
    }

    private static string ActivityName(ConfigObject config, string member, string what) =>
        config.Text(member) is { } text && text.EnumerateRunes().Count() is >= 1 and <= Limits.MaxActivityName
            ? text
            : throw new FormatException(Invariant($"{what} must be a string of 1 to {Limits.MaxActivityName} characters"));

    private static Schedule ReadSchedule(ConfigObject config, bool isToStart)
    {
        var cron = config.Text("cron_expr") ?? throw new FormatException("cron_expr must be a string");
        var zone = config.OptionalText("timezone", "timezone must be a string");
        if (isToStart)
        {
            CronSyntax.Parse(cron);
            if (TimeZoneNames.Problem(zone) is { } problem)
                throw new FormatException(problem);
        }
        return new Schedule(cron, zone);
    }

    private static Retry ReadRetry(ConfigObject config)
    {
        var states = config.OptionalList("retry_on", "retry_on must be a list of SQLSTATEs");
        foreach (var state in states ?? [])
        {
            if (state.ValueKind != JsonValueKind.String || !StateOrClass().IsMatch(state.GetString()!))
                throw new FormatException(
                    $"retry_on: {JsonbText.Write(state)} "
                    + "is neither a SQLSTATE (five characters from 0-9 and A-Z) nor a class (its first two)");
        }
        return new Retry(
            config.Integer("max_attempts", 1, Limits.MaxAttempts), config.Delay(),
            config.Number("backoff", 1, Limits.MaxBackoff), config.Number("max_delay_seconds", 0, Limits.MaxDelaySeconds),
            states is { } given ? [.. given.Select(state => state.GetString()!)] : null)
        {
            RetryAfter = config.IsGiven("retry_after")
                && (config.Flag("retry_after") ?? throw new FormatException("retry_after must be true or false")),
        };
    }

    private static Fail ReadFail(ConfigObject config)
    {
        var message = config.Text("message") ?? throw new FormatException("df.fail: message must be a string");
        if (config.IsGiven("sqlstate") && !(config.Text("sqlstate") is { Length: 5 } state && StateOrClass().IsMatch(state)))
            throw new FormatException(
                $"df.fail: sqlstate '{config.Shown("sqlstate")}' must be a string of five characters from 0-9 and A-Z");
        return new Fail(message, config.Text("sqlstate"));
    }

    private static ForEach ReadForEach(ConfigObject config)
    {
        var rows = config.Text("rows");
        if (rows is null || !ResultNames.IsIdentifier(rows))
            throw new FormatException($"df.foreach: rows must be the name of a result, not '{config.Shown("rows")}'");
        var item = config.Text("item_name");
        if (item is null || !ResultNames.IsIdentifier(item))
            throw new FormatException(
                $"df.foreach: item name '{config.Shown("item_name")}' is not a valid identifier — must match {ResultNames.Pattern}");
        if (item == "input")
            throw new FormatException("df.foreach: item name 'input' is taken: $input is the input given to df.start");
        return new ForEach(rows, item, config.OptionalInteger("max_parallel", 1, Limits.MaxParallel));
    }

    private static Sleep ReadSleep(string query, bool isToStart) =>
        decimal.TryParse(query, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
        && !(isToStart && !(seconds <= Limits.MaxSleepSeconds && SleepSeconds().IsMatch(query)))
            ? new Sleep(seconds)
            : throw new FormatException(Invariant($"query in SLEEP must be a number of seconds from 0 to {Limits.MaxSleepSeconds}"));

    private static NodeConfig ReadSleep(ConfigObject config)
    {
        if (!config.Has("until"))
            return WaitTime.IsReference(config.Text("seconds"))
                ? new SleepFor(config.Text("seconds")!)
                : throw new FormatException("seconds must be a reference");
        return WaitTime.MomentProblem(config.Text("until")) is { } problem
            ? throw new FormatException(problem)
            : new SleepUntil(config.Text("until")!);
    }

    /// <summary>The settings as JSON. Null if the kind has none, or if they aren't a JSON object; then there is a problem.</summary>
    public static JsonDocument? Parse(NodeKind kind, string? query, out string? problem)
    {
        problem = null;
        if (query is null || kind == NodeKind.Sql || (kind == NodeKind.Sleep && !query.AsSpan().TrimStart().StartsWith('{')))
            return null;
        try
        {
            var document = JsonDocument.Parse(query, JsonOptions);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return document;
            document.Dispose();
            problem = $"query in {NodeKinds.Name(kind)} must be a JSON config object";
        }
        catch (JsonException)
        {
            // PostgreSQL's message.
            problem = $"query in {NodeKinds.Name(kind)} must be valid JSON config: invalid input syntax for type json";
        }
        return null;
    }

    [GeneratedRegex(@"\A([0-9A-Z]{2}|[0-9A-Z]{5})\z", RegexOptions.CultureInvariant)]
    private static partial Regex StateOrClass();

    [GeneratedRegex(@"\A[0-9]{1,11}(\.[0-9]{1,3})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex SleepSeconds();
}
