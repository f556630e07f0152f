using PgDurable.Graph;
using PgDurable.Worker.Engine.Substitution;

namespace PgDurable.Worker.Engine.Nodes;

/// <summary>HTTP, HTTP_MULTIPART, HTTP_JSON: sends one request, with references replaced.</summary>
internal static class HttpRule
{
    public static void Begin(WorkflowEngine engine, Frame frame)
    {
        try
        {
            engine.Issue(frame, new Command.SendHttp(frame.Key, CallOf(engine, frame)));
        }
        catch (SubstitutionException e)
        {
            engine.Refuse(frame, new StepError(e.Message, "22004", Hint: e.Hint));
        }
    }

    private static HttpCall CallOf(WorkflowEngine engine, Frame frame)
    {
        var config = (NodeConfig.Http)frame.Node.Config!;
        var (names, facts) = (frame.Scope.Names, engine.State.Facts);
        string Raw(string text) => RawSubstitution.Substitute(text, names, facts);

        var kind = frame.Node.Kind switch
        {
            NodeKind.HttpMultipart => HttpCallKind.Multipart,
            NodeKind.HttpJson => HttpCallKind.Json,
            _ => HttpCallKind.Plain,
        };
        var body = config.Body switch
        {
            null => null,
            var template when kind == HttpCallKind.Json => JsonTemplate.Fill(template, names, facts),
            var text => Raw(text),
        };
        return new HttpCall(
            kind, config.Method, Raw(config.Url), [.. config.Headers.Select(header => (header.Key, Raw(header.Value)))], body,
            [.. config.Parts.Select(part => new HttpPart(
                Raw(part.Name), part.FileName is null ? null : Raw(part.FileName), part.ContentType, Data(frame, part, names, facts)))],
            config.TimeoutSeconds)
        {
            Endpoint = config.Endpoint,
            Options = config.Options,
            FailsWhenTooMany = RetryRule.WaitsForServers(frame),
        };
    }

    // Binary data is not text: a reference is either the whole value or a mistake.
    private static string Data(Frame frame, NodeConfig.Part part, IReadOnlyDictionary<string, StepResult> names, InstanceFacts facts)
    {
        if (part.DataBase64.AsSpan().IndexOfAny('$', '{') < 0)
            return part.DataBase64;
        return RawSubstitution.WholeValue(part.DataBase64.Trim(), names, facts) ?? throw new SubstitutionException(
            $"HTTP_MULTIPART node {frame.Node.Id}: data_b64 for part '{part.Name}' mixes a variable reference with other text. "
                + "Only a whole-value reference is supported.",
            "Build the whole base64 text in a SQL step, with encode(…, 'base64'), and refer to that.");
    }
}
