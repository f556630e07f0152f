namespace PgDurable.Worker.Tests.Typed;

/// <summary>Has tags from its input, and gives itself another one.</summary>
[Workflow("tagged")]
public sealed partial class Tagged : IWorkflow<Tagged.Input>
{
    public enum Colour { Red, Green }

    public sealed record Input(
        [Tag("customer")] long CustomerId, [Tag] string? Region, [property: Tag] Colour Colour, [Tag] bool Urgent, [Tag] decimal? Weight);

    public static Flow Define(Flow flow, Input input) => flow
        .Tag("double", input.CustomerId * 2)
        .WaitForSignal("go")
        .Tag<string?>("double", null);
}

/// <summary>Calls it.</summary>
[Workflow("calls-tagged")]
public sealed partial class CallsTagged : IWorkflow<CallsTagged.Input>
{
    public sealed record Input(long Customer);

    public static Flow Define(Flow flow, Input input) => flow
        .Run(new Tagged(), new(input.Customer, "child", Tagged.Colour.Red, false, null));
}
