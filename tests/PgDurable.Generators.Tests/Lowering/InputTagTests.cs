namespace PgDurable.Generators.Tests.Lowering;

/// <summary>[Tag] on properties of the input: a step before all others.</summary>
public sealed class InputTagTests
{
    [Fact]
    public void Tags_OfScalars_AreTheFirstStep() => Assert.Equal(
        [
            "SELECT df.tag(df.tag(df.tag(df.tag($sys_instance_id, 'at', ($input.moment::timestamptz)::text), "
                + "'customer', ($input.customer_id::bigint)::text), 'Region.x', ($input.region?::text)::text), "
                + "'colour', ($input.colour::text)::text)",
            "SELECT $input.customer_id",
        ],
        WorkflowSource.SqlOf(Source(
            """
            public enum Colour { Red }
            public record Base { [Tag("at"), Column("moment")] public DateTimeOffset At { get; init; } }
            public record In(
                [property: Tag("customer")] long CustomerId, [Tag("Region.x")] string? Region, [Tag] Colour Colour, int Other) : Base;
            """)));

    [Fact]
    public void Input_WithoutTags_HasNoStepForThem() => Assert.Equal(
        ["SELECT $input.customer_id"], WorkflowSource.SqlOf(Source("public record In(long CustomerId);")));

    // The race is what makes the instance undo its steps when it is cancelled: it is the root.
    [Fact]
    public void Tags_OfAWorkflowThatUndoes_AreInsideOfTheRace() => Assert.StartsWith(
        """{"node_type":"RACE","left_node":{"node_type":"THEN","left_node":{"node_type":"SQL","query":"SELECT df.tag(""",
        WorkflowSource.GraphOf(Source("public record In([Tag] long CustomerId);", ", OnCancel = OnCancel.Undo")).Json,
        StringComparison.Ordinal);

    private static string Source(string types, string settings = "") =>
        $$"""
          namespace Shop;

          {{types}}

          [Workflow("w"{{settings}})]
          public sealed partial class W : IWorkflow<In>
          {
              public static Flow Define(Flow flow, In @in) => flow.Execute($"SELECT {@in.CustomerId}");
          }
          """;
}
