namespace PgDurable.Testing.Tests.Samples;

/// <summary>Has tags from its input, and changes one.</summary>
[Workflow("tagged-order")]
public sealed partial class TaggedOrder : IWorkflow<TaggedOrder.Input>
{
    public sealed record Input([Tag("customer")] long CustomerId, [Tag] string? Region, [Tag] bool Urgent);

    public static Flow Define(Flow flow, Input input) => flow
        .Tag("phase", "new")
        .Sleep(TimeSpan.FromHours(1))
        .Tag("phase", $"order {input.CustomerId} packed");
}
