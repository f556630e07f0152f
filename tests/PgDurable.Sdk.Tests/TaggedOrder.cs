namespace PgDurable.Sdk.Tests;

/// <summary>Has tags.</summary>
[Workflow("tagged-order")]
public sealed partial class TaggedOrder : IWorkflow<TaggedOrder.Input>
{
    public sealed record Input([Tag("customer")] long CustomerId, [Tag] string? Region);

    public static Flow Define(Flow flow, Input input) => flow.Execute("SELECT 1").Tag("phase", "packed");
}
