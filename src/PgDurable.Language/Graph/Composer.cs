using System.Globalization;
using PgDurable.Sql;

namespace PgDurable.Graph;

/// <summary>
/// Makes nodes as the SQL functions of the same names do. It writes what it is given; the graph's reader checks the settings.
/// </summary>
/// <typeparam name="TNode">The type of a child.</typeparam>
internal static partial class Composer<TNode>
    where TNode : class
{
    public static Composed<TNode> Sql(string statement) => new(NodeKind.Sql) { Query = statement };

    public static Composed<TNode> Then(TNode first, TNode second) => new(NodeKind.Then) { Left = first, Right = second };

    public static Composed<TNode> If(TNode condition, TNode then, TNode otherwise) =>
        new(NodeKind.If, "df.if", new("condition", condition), new("then_branch", then), new("else_branch", otherwise))
        {
            Left = then,
            Right = otherwise,
            Condition = condition,
        };

    public static Composed<TNode> IfRows(string resultName, TNode then, TNode otherwise) =>
        new(NodeKind.If, "df.if_rows", new("result_name", resultName), new("then_branch", then), new("else_branch", otherwise))
        {
            Left = then,
            Right = otherwise,
            Query = new ConfigText().Add("condition_type", "result_has_rows").Add("result_name", resultName).ToString(),
        };

    public static Composed<TNode> Loop(TNode body, TNode? condition, LoopSettings settings) =>
        new(
            NodeKind.Loop, "df.loop", new("body", body), new("condition", condition),
            new("continue_on_failure", settings.ContinueOnFailure))
        {
            Left = body,
            Condition = condition,
            Around = settings.MinIntervalMs is { } pace ? ("df.pace", pace.ToString(CultureInfo.InvariantCulture)) : null,
            Query = settings.Config,
        };

    public static Composed<TNode> Break(string? value) => new(NodeKind.Break, "df.break", new Argument<TNode>("value", value))
    {
        Query = new ConfigText().Add("break_value", value).ToString(),
    };

    /// <param name="kind">JOIN or RACE.</param>
    /// <param name="branches">At least two.</param>
    public static Composed<TNode> Branches(NodeKind kind, IReadOnlyList<TNode> branches) =>
        new(kind, kind == NodeKind.Join ? "df.join" : "df.race", [.. branches.Select(branch => new Argument<TNode>("nodes", branch))])
        {
            Left = branches[0],
            Right = branches[1],
            Extra = [.. branches.Skip(2)],
        };

    public static Composed<TNode> ForEach(string rows, TNode body, string itemName, int? maxParallel) =>
        new(
            NodeKind.ForEach, "df.foreach", new("rows", rows), new("body", body),
            new("item_name", itemName == Defaults.ItemName ? null : itemName), new("max_parallel", maxParallel))
        {
            Left = body,
            Query = new ConfigText().Add("rows", rows).Add("item_name", itemName).Add("max_parallel", maxParallel).ToString(),
        };

    /// <summary>Milliseconds are the smallest unit, as in SQL.</summary>
    public static Composed<TNode> Sleep(decimal seconds)
    {
        var text = decimal.Round(seconds, 3, MidpointRounding.AwayFromZero).ToString("0.###", CultureInfo.InvariantCulture);
        return new(NodeKind.Sleep, "df.sleep", new Argument<TNode>("seconds", (string?)null) { Expression = text }) { Query = text };
    }

    /// <param name="reference">A reference to the duration.</param>
    public static Composed<TNode> SleepFor(string reference) =>
        new(NodeKind.Sleep, "df.sleep", new Argument<TNode>("duration", reference))
        {
            Query = new ConfigText().Add("seconds", reference).ToString(),
        };

    /// <param name="moment">A moment in UTC as <c>df.sleep_until</c> writes it, or a reference to one.</param>
    public static Composed<TNode> SleepUntil(string moment) =>
        new(NodeKind.Sleep, "df.sleep_until", new Argument<TNode>("moment", moment))
        {
            Query = new ConfigText().Add("until", moment).ToString(),
        };

    public static Composed<TNode> WaitForSchedule(string cron, string? timeZone)
    {
        var config = new ConfigText().Add("cron_expr", cron);
        if (timeZone is not null)
            config.Add("timezone", timeZone);
        return new(NodeKind.WaitSchedule, "df.wait_for_schedule", new("cron_expr", cron), new("timezone", timeZone))
        {
            Query = config.ToString(),
        };
    }

    public static Composed<TNode> WaitForSignal(string name, TimeSetting? timeout) =>
        new(NodeKind.Signal, "df.wait_for_signal", new("name", name), TimeSetting.Argument<TNode>("timeout_seconds", timeout))
        {
            Query = new ConfigText().Add("signal_name", name).Add("timeout_seconds", timeout).ToString(),
        };

    public static Composed<TNode> Call(string workflow, string? inputJson, int? version) =>
        new(NodeKind.Call, "df.call", new("workflow", workflow), new("input", inputJson), new("version", version))
        {
            Query = new ConfigText().Add("workflow", workflow).AddJson("input", inputJson).Add("version", version).ToString(),
        };

    public static Composed<TNode> Activity(string name, string? inputJson, string? queue) =>
        new(NodeKind.Activity, "df.activity", new("name", name), new("input", inputJson), new("queue", queue))
        {
            Query = new ConfigText().Add("activity", name).AddJson("input", inputJson).Add("queue", queue).ToString(),
        };

    /// <param name="kind">HTTP, HTTP_JSON or HTTP_MULTIPART.</param>
    /// <param name="settings">The settings.</param>
    public static Composed<TNode> Http(NodeKind kind, HttpSettings settings)
    {
        var (function, body) = kind switch
        {
            NodeKind.HttpMultipart => ("df.http_multipart", "parts"),
            NodeKind.HttpJson => ("df.http_json", "body"),
            _ => ("df.http", "body"),
        };
        var config = new ConfigText().Add("url", settings.Url);
        if (settings.Endpoint is not null)
            config.Add("endpoint", settings.Endpoint);
        config.Add("method", settings.Method);
        if (kind == NodeKind.Http)
            config.Add(body, settings.Body);
        else
            config.AddJson(body, settings.Body);
        config.AddJson("headers", settings.Headers).Add("timeout_seconds", settings.TimeoutSeconds);
        var options = new ConfigText();
        foreach (var (name, json) in settings.Options)
        {
            config.AddJson(name, json);
            options.AddJson(name, json);
        }
        return new(
            kind, function,
            settings.Endpoint is { } server ? Argument<TNode>.Endpoint("url", server, settings.Url) : new("url", settings.Url),
            new("method", settings.Method == Defaults.HttpMethod ? null : settings.Method), new(body, settings.Body),
            new("headers", settings.Headers),
            new("timeout_seconds", Unless(Defaults.HttpTimeoutSeconds, settings.TimeoutSeconds)))
        {
            Around = settings.Options.Count == 0 ? null : ("df.with_http_options", SqlQuote.Literal(options.ToString())),
            Query = config.ToString(),
        };
    }

    /// <summary>An argument is left out if it has its default.</summary>
    private static decimal? Unless(decimal otherwise, decimal number) => number == otherwise ? null : number;
}
