using System.Text.Json;
using PgDurable.Graph;
using PgDurable.Worker.Engine.Substitution;

namespace PgDurable.Worker.Engine.Nodes;

/// <summary>BREAK: ends the innermost loop with a value.</summary>
internal static class BreakRule
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 20_000 };

    public static void Begin(WorkflowEngine engine, Frame frame)
    {
        try
        {
            var value = ((NodeConfig.BreakValue)frame.Node.Config!).Value;
            var json = value is null ? "null" : JsonOf(RawSubstitution.Substitute(value, frame.Scope.Names, engine.State.Facts));
            engine.End(frame, new End.Broken(new StepResult(json, null)));
        }
        catch (SubstitutionException e)
        {
            engine.Refuse(frame, new StepError(e.Message, "22004", Hint: e.Hint));
        }
    }

    /// <summary>The text itself if it is JSON; otherwise the text as a JSON string.</summary>
    private static string JsonOf(string text)
    {
        try
        {
            using var _ = JsonDocument.Parse(text, Options);
            return text;
        }
        catch (JsonException)
        {
            return JsonText.Quote(text);
        }
    }
}
