namespace PgDurable.Worker.Tests.Typed;

/// <summary>One text through every kind of hole.</summary>
[Workflow("hostile")]
public sealed partial class Hostile : IWorkflow<Hostile.Input, Hostile.Arrived>
{
    public sealed record Input(string Text, string Url, Inner Inner);

    public sealed record Inner(string Text);

    public sealed record Value(string Text);

    public sealed record Reply(string Echo, Inner[] List);

    public sealed record Arrived(
        string Plain, string Quoted, string Escaped, string Row, string Nested, string Item, string Json, string Interpolated,
        string List, string Signal, string Message, string Child, string Value);

    public static Flow<Arrived> Define(Flow flow, Input input) => flow
        .QuerySingle<Value>($"SELECT {input.Text} AS text", out var plain)
        .QuerySingle<Value>($"SELECT '<{input.Text}>' AS text", out var quoted)
        .QuerySingle<Value>($"SELECT E'<{plain.Text}>' AS text", out var escaped)
        .Query<Value>($"SELECT {input.Inner.Text} AS text", out var rows)
        .ForEach(rows, (f, item) => f.QuerySingle<Value>($"SELECT {item.Text} AS text"), out var items)
        .QuerySingle<Value>($"SELECT text FROM {items}", out var only)
        .HttpPost<Reply>(
            $"{input.Url}/echo",
            json: new { echo = input.Text, list = new[] { new Inner(plain.Text), new Inner($"<{input.Inner.Text}>") } },
            out var reply)
        .WaitForSignal<Inner>("text", out var signal)
        .Try(
            body: f => f.Fail<string>($"{input.Text}"),
            onError: (f, error) => f.QuerySingle<string>($"SELECT {error.Message} AS text"),
            out var message)
        .Run(new Echo(), new(input.Text), out var child)
        .Forever<Value>(f => f.Break(new Value(input.Text)), out var value)
        .QuerySingle<Arrived>(
            $"""
             SELECT {plain.Text} AS plain, {quoted.Text} AS quoted, {escaped.Text} AS escaped, (SELECT text FROM {rows}) AS row,
                    {input.Inner.Text} AS nested, {only.Text} AS item, {reply.Json.Echo} AS json,
                    {reply.Json.List[1].Text} AS interpolated, {reply.Json.List[0].Text} AS list,
                    {signal.Data.Text} AS signal, {message} AS message, {child} AS child, {value.Text} AS value
             """);
}

[Workflow("echo")]
public sealed partial class Echo : IWorkflow<Echo.Input, string>
{
    public sealed record Input(string Text);

    public static Flow<string> Define(Flow flow, Input input) => flow.QuerySingle<string>($"SELECT {input.Text} AS text");
}
