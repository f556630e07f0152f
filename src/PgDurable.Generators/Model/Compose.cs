using System.Globalization;
using PgDurable.Graph;

namespace PgDurable.Generators.Model;

/// <summary>Makes nodes: the settings that the SQL composer of the same name writes, and the call of it.</summary>
internal static class Compose
{
    public static GraphNode Sql(string statement) => new(NodeKind.Sql) { Query = statement };

    public static GraphNode Then(GraphNode first, GraphNode second) =>
        new(NodeKind.Then) { Left = first, Right = second, Source = second.Source };

    public static GraphNode If(GraphNode condition, GraphNode then, GraphNode otherwise) =>
        new(NodeKind.If, [CallArgument.Of("condition", condition), CallArgument.Of("then_branch", then), CallArgument.Of("else_branch", otherwise)])
        {
            Left = then,
            Right = otherwise,
            Condition = condition,
        };

    public static GraphNode IfRows(string name, GraphNode then, GraphNode otherwise) =>
        new(NodeKind.If, [CallArgument.Of("result_name", name), CallArgument.Of("then_branch", then), CallArgument.Of("else_branch", otherwise)])
        {
            Left = then,
            Right = otherwise,
            Query = new ConfigText().Add("condition_type", "result_has_rows").Add("result_name", name).ToString(),
        };

    public static GraphNode Loop(GraphNode body, GraphNode? condition, LoopSettings settings) =>
        new(
            NodeKind.Loop,
            [
                CallArgument.Of("body", body), CallArgument.Of("condition", condition),
                CallArgument.OfFlag("continue_on_failure", settings.ContinueOnFailure),
            ])
        {
            Left = body,
            Condition = condition,
            Pace = settings.MinIntervalMs,
            Query = LoopConfig.Write(settings.ContinueOnFailure, settings.MinIntervalMs),
        };

    public static GraphNode Break(string? value) => new(NodeKind.Break, [CallArgument.Of("value", value)])
    {
        Query = new ConfigText().Add("break_value", value).ToString(),
    };

    public static GraphNode Branches(NodeKind kind, IReadOnlyList<GraphNode> branches) =>
        new(kind, [.. branches.Select(branch => CallArgument.Of("nodes", branch))])
        {
            Left = branches[0],
            Right = branches[1],
            Extra = [.. branches.Skip(2)],
        };

    public static GraphNode ForEach(string rows, GraphNode body, string item, int? maxParallel) =>
        new(
            NodeKind.ForEach,
            [
                CallArgument.Of("rows", rows), CallArgument.Of("body", body), CallArgument.Of("item_name", item).Unless("'item'"),
                CallArgument.Of("max_parallel", maxParallel),
            ])
        {
            Left = body,
            Query = new ConfigText().Add("rows", rows).Add("item_name", item).Add("max_parallel", maxParallel).ToString(),
        };

    public static GraphNode Sleep(decimal seconds) => new(NodeKind.Sleep, [CallArgument.Of("seconds", seconds)])
    {
        Query = seconds.ToString("0.###", CultureInfo.InvariantCulture),
    };

    public static GraphNode Schedule(string cron, string? timeZone)
    {
        var config = new ConfigText().Add("cron_expr", cron);
        if (timeZone is not null)
            config.Add("timezone", timeZone);
        return new(NodeKind.WaitSchedule, [CallArgument.Of("cron_expr", cron), CallArgument.Of("timezone", timeZone)])
        {
            Query = config.ToString(),
        };
    }

    public static GraphNode Signal(string name, int? timeoutSeconds) =>
        new(NodeKind.Signal, [CallArgument.Of("name", name), CallArgument.Of("timeout_seconds", timeoutSeconds)])
        {
            Query = new ConfigText().Add("signal_name", name).Add("timeout_seconds", timeoutSeconds).ToString(),
        };

    public static GraphNode Retry(GraphNode node, RetrySettings retry) =>
        new(
            NodeKind.Retry,
            [
                CallArgument.Of("node", node), CallArgument.Of("max_attempts", retry.MaxAttempts).Unless("3"),
                CallArgument.Of("delay_seconds", retry.DelaySeconds).Unless("1"), CallArgument.Of("backoff", retry.Backoff).Unless("2"),
                CallArgument.Of("max_delay_seconds", retry.MaxDelaySeconds).Unless("60"), CallArgument.Of("retry_on", retry.On),
                CallArgument.OfFlag("retry_after", retry.RetryAfter),
            ])
        {
            Left = node,
            Source = node.Source,
            Query = new ConfigText().Add("max_attempts", retry.MaxAttempts).Add("delay_seconds", retry.DelaySeconds)
                .Add("backoff", retry.Backoff).Add("max_delay_seconds", retry.MaxDelaySeconds).AddList("retry_on", retry.On)
                .AddFlag("retry_after", retry.RetryAfter).ToString(),
        };

    public static GraphNode Timeout(GraphNode node, decimal seconds) =>
        new(NodeKind.Timeout, [CallArgument.Of("node", node), CallArgument.Of("seconds", seconds)])
        {
            Left = node,
            Source = node.Source,
            Query = new ConfigText().Add("timeout_seconds", seconds).ToString(),
        };

    public static GraphNode Try(GraphNode body, GraphNode handler, GraphNode? last) =>
        new(NodeKind.Try, [CallArgument.Of("body", body), CallArgument.Of("handler", handler), CallArgument.Of("finally", last)])
        {
            Left = body,
            Right = handler,
            Extra = last is null ? [] : [last],
        };

    public static GraphNode Fail(string message, string? sqlState) =>
        new(NodeKind.Fail, [CallArgument.Of("message", message), CallArgument.Of("sqlstate", sqlState)])
        {
            Query = new ConfigText().Add("message", message).Add("sqlstate", sqlState).ToString(),
        };

    public static GraphNode Undo(GraphNode forward, GraphNode undo) =>
        new(NodeKind.Undo, [CallArgument.Of("forward", forward), CallArgument.Of("undo", undo)])
        {
            Left = forward,
            Right = undo,
            Source = forward.Source,
        };

    public static GraphNode Call(string workflow, string? inputJson, int version) =>
        new(NodeKind.Call, [CallArgument.Of("workflow", workflow), CallArgument.Of("input", inputJson), CallArgument.Of("version", version)])
        {
            Query = new ConfigText().Add("workflow", workflow).AddJson("input", inputJson).Add("version", version).ToString(),
        };

    /// <summary>A request with a JSON body, or without any.</summary>
    public static GraphNode Http(
        NodeKind kind, string url, string? endpoint, string method, string? bodyJson, string? headersJson, int timeoutSeconds, IReadOnlyList<(string Name, string Json)> options)
    {
        var config = new ConfigText().Add("url", url);
        if (endpoint is not null)
            config.Add("endpoint", endpoint);
        config.Add("method", method).AddJson("body", bodyJson).AddJson("headers", headersJson).Add("timeout_seconds", timeoutSeconds);
        foreach (var (name, json) in options)
            config.AddJson(name, json);
        return new(
            kind,
            [
                endpoint is null ? CallArgument.Of("url", url) : CallArgument.Endpoint("url", endpoint, url),
                CallArgument.Of("method", method).Unless("'POST'"), CallArgument.Of("body", bodyJson),
                CallArgument.Of("headers", headersJson), CallArgument.Of("timeout_seconds", timeoutSeconds).Unless("30"),
            ])
        {
            Query = config.ToString(),
            HttpOptions = options.Count == 0 ? null : $"{{{string.Join(",", options.Select(option => $"\"{option.Name}\":{option.Json}"))}}}",
        };
    }
}
