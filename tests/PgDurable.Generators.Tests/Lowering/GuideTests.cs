namespace PgDurable.Generators.Tests.Lowering;

/// <summary>The examples of docs/workflows.md are C# that compiles and can be lowered.</summary>
public sealed class GuideTests
{
    [Fact]
    public void Steps_OfTheGuide_AreLowered()
    {
        var guide = File.ReadAllText(Path.Combine(PgDurable.TestKit.RepositoryRoot.Path, "docs/workflows.md"));
        var blocks = guide.Split("```csharp\n").Skip(1).Select(block => block.Split("```")[0]).ToArray();

        GeneratorRun.Valid($$"""
            public sealed record Order(long Id, long OrderId, string Sku, decimal Total, string? Note, DateTimeOffset DueAt);

            [Workflow("guide")]
            public sealed partial class Guide : IWorkflow<Guide.Input>
            {
                public sealed record Input(long CartId, string Url, string Token, TimeSpan Grace, IReadOnlyList<string> Emails);
                public sealed record Left(long Count);
                public sealed record Progress(string Phase, long Left);
                public sealed record Total(decimal Amount);
                public sealed record Line(string Sku);
                public sealed record Price(decimal Amount);
                public sealed record Approval(string By);
                public sealed record Reply(int Rate);

                public static Flow Define(Flow flow, Input input) => flow
                {{blocks[0]}};
            }

            [Workflow("ship-order")]
            public sealed partial class ShipOrder : IWorkflow<ShipOrder.Input, ShipOrder.Shipment>
            {
                public sealed record Input(long OrderId);
                public sealed record Shipment(string Code);
                public static Flow<Shipment> Define(Flow flow, Input input) =>
                    flow.QuerySingle<Shipment>($"SELECT 'x' AS code, {input.OrderId}");
            }

            public static class Fragments
            {
                {{blocks[1]}}
            }
            """);
    }
}
