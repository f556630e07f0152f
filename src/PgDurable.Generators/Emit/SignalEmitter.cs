using PgDurable.Generators.Spec;

namespace PgDurable.Generators.Emit;

/// <summary>Writes the method that sends a signal to an instance of a workflow.</summary>
internal static class SignalEmitter
{
    public static void Emit(SourceWriter source, WorkflowSpec workflow, SignalSpec signal)
    {
        var name = SourceWriter.Literal(signal.Name);
        source.Line();
        var xml = signal.Name.Replace("&", "&amp;").Replace("<", "&lt;");
        source.Line($"/// <summary>Sends the signal <c>{xml}</c> to an instance. It is kept until the instance waits for it.</summary>");
        source.Line(
            "/// <param name=\"client\">The client; with <c>client.In(transaction)</c> the signal is part of that transaction.</param>");
        source.Line("/// <param name=\"instanceId\">The instance's id.</param>");
        if (signal.Payload is not null)
            source.Line("/// <param name=\"payload\">What the workflow reads as the signal's data.</param>");
        source.Line("/// <param name=\"ct\">Cancels the call.</param>");
        source.Line("/// <returns>A task that ends when the signal is recorded.</returns>");
        source.Line($"{workflow.Accessibility} static global::System.Threading.Tasks.Task Signal{signal.Method}Async(");
        source.Line("    global::PgDurable.DurableClient client,");
        source.Line("    string instanceId,");
        if (signal.Payload is { } payload)
        {
            source.Line($"    {signal.Type} payload,");
            source.Line("    global::System.Threading.CancellationToken ct = default) =>");
            var write = $"static (writer, value) => {ValueEmitter.Write(payload, "writer", "value")}";
            source.Line($"    client.SignalAsync(instanceId, {name}, payload, {write}, ct);");
        }
        else
        {
            source.Line("    global::System.Threading.CancellationToken ct = default) =>");
            source.Line($"    client.SignalAsync(instanceId, {name}, ct: ct);");
        }
    }
}
