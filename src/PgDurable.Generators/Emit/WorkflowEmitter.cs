using PgDurable.Generators.Spec;

namespace PgDurable.Generators.Emit;

/// <summary>Writes the generated part of a workflow's class.</summary>
internal static class WorkflowEmitter
{
    public static string Emit(WorkflowSpec workflow, bool isReleased)
    {
        var source = new SourceWriter();
        source.Begin(workflow.Namespace, workflow.TypeHeaders);
        EmitDefinition(source, workflow, isReleased);
        EmitStart(source, workflow);
        foreach (var signal in workflow.Signals)
            SignalEmitter.Emit(source, workflow, signal);
        for (var i = 0; i < workflow.InputRecords.Count; i++)
            RecordEmitter.EmitWriter(source, workflow.InputRecords[i], i);
        for (var i = 0; i < workflow.ReadRecords.Count; i++)
            RecordEmitter.EmitReader(source, workflow.ReadRecords[i], i);
        foreach (var _ in workflow.TypeHeaders)
            source.Close();
        return source.ToString();
    }

    private static void EmitDefinition(SourceWriter source, WorkflowSpec workflow, bool isReleased)
    {
        var type = workflow.Result is null
            ? $"global::PgDurable.WorkflowDefinition<{workflow.InputType}>"
            : $"global::PgDurable.WorkflowDefinition<{workflow.InputType}, {workflow.Result.OutputType}>";
        var writeInput = $"static (writer, input) => {ValueEmitter.Write(workflow.Input, "writer", "input")}";

        source.Line($"/// <summary>Version {workflow.Version} of the workflow <c>{workflow.Name}</c>.</summary>");
        source.Line($"{workflow.Accessibility} static {type} Definition {{ get; }} = new(");
        source.Line($"    name: {SourceWriter.Literal(workflow.Name)},");
        source.Line($"    version: {workflow.Version},");
        source.Line($"    graphJson: {SourceWriter.Literal(workflow.GraphJson)},");
        source.Line("    sqlText: __PgDurableSql,");
        source.Line($"    writeInput: {writeInput},");
        if (workflow.Result is { } result)
            source.Line($"    readResult: static result => {ReadResult(workflow, result)},");
        source.Line($"    description: {(workflow.Description is null ? "null" : SourceWriter.Literal(workflow.Description))},");
        source.Line("    sources: __PgDurableSources(),");
        source.Line($"    isReleased: {(isReleased ? "true" : "false")}{(workflow.State is null ? ");" : ",")}");
        if (workflow.State is { } state)
            source.Line($"    readState: static json => {ReadState(workflow, state)});");
        source.Line();
        var types = workflow.Result is null ? workflow.InputType : $"{workflow.InputType}, {workflow.Result.OutputType}";
        source.Line($"static {type} global::PgDurable.IWorkflow<{types}>.Definition => Definition;");
        source.Line();
    }

    private static string ReadResult(WorkflowSpec workflow, ResultSpec result)
    {
        // A record or JSON is the whole row; any other value is the row's only column.
        var isRow = result.Row.Kind is ValueKind.Record or ValueKind.Json;
        var row = isRow ? result.Row with { Nullable = Nullability.None } : result.Row;
        var read = ValueEmitter.Read(row, isRow ? "row" : "row.FirstColumn()");
        var rows = result.AllRows ? "All" : result.Row.Nullable == Nullability.None ? "First" : "FirstOrDefault";
        return $"{ValueEmitter.ResultValue}.{rows}<{result.Row.DeclaredType}>" +
            $"(result, {SourceWriter.Literal(workflow.Name)}, static row => {read})";
    }

    private static string ReadState(WorkflowSpec workflow, ValueSpec state) => ValueEmitter.Read(
        state with { Nullable = Nullability.None },
        $"{ValueEmitter.ResultValue}.Of(json, {SourceWriter.Literal($"the state of workflow '{workflow.Name}'")})");

    private static void EmitStart(SourceWriter source, WorkflowSpec workflow)
    {
        var handle = "global::PgDurable.WorkflowHandle" + (workflow.Result is { } result ? $"<{result.OutputType}>" : "");
        source.Lines($"""
            /// <summary>Starts the workflow <c>{workflow.Name}</c>.</summary>
            /// <param name="client">The client; with <c>client.In(transaction)</c> the start is part of that transaction.</param>
            /// <param name="input">The input.</param>
            /// <param name="options">Label and idempotency key.</param>
            /// <param name="ct">Cancels the call.</param>
            /// <returns>The started instance.</returns>
            {workflow.Accessibility} static global::System.Threading.Tasks.Task<{handle}> StartAsync(
                global::PgDurable.DurableClient client,
                {workflow.InputType} input,
                global::PgDurable.StartOptions? options = null,
                global::System.Threading.CancellationToken ct = default) =>
                client.StartAsync(Definition, input, options, ct);
            """);
    }
}
