namespace PgDurable.Worker.Tests.Typed;

/// <summary>Starts other workflows and doesn't wait for them.</summary>
[Workflow("starting")]
public sealed partial class Starting : IWorkflow<Starting.Input, Starting.Started>
{
    public sealed record Input(string Name, int Number);

    public sealed record Started(string Id, string Label);

    public static Flow<Started> Define(Flow flow, Input input) => flow
        .Start(new Started1(), new(input.Name, input.Number + 1, [new(input.Name)]), out var id, label: $"for {input.Name}")
        .Start(new Started1(), new("second", 7, []))
        .QuerySingle<Started>($"SELECT {id} AS id, (SELECT label FROM df.instances WHERE id = {id}) AS label");
}

/// <summary>Started by <see cref="Starting"/>.</summary>
[Workflow("started", Version = 2)]
public sealed partial class Started1 : IWorkflow<Started1.Input, string>
{
    public sealed record Part(string Name);

    public sealed record Input(string Name, int Number, IReadOnlyList<Part> Parts);

    public static Flow<string> Define(Flow flow, Input input) => flow
        .QuerySingle<string>($"SELECT {input.Name} || {input.Number} AS text");
}
