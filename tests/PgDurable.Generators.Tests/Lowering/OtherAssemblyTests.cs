using Microsoft.CodeAnalysis;

namespace PgDurable.Generators.Tests.Lowering;

/// <summary>Activities of another project.</summary>
public sealed class OtherAssemblyTests
{
    private const string Library =
        """
        namespace Payments;

        [Activity("charge-card")]
        public sealed partial class ChargeCard : IActivity<ChargeCard.Input, ChargeCard.Receipt>
        {
            public sealed record Input([property: Column("order")] long OrderId, decimal Total);
            public sealed record Receipt(Guid Id);
            public Task<Receipt> RunAsync(Input input, ActivityContext context, CancellationToken ct) => throw new NotSupportedException();
        }
        """;

    [Fact]
    public void Activity_OfAnotherAssembly_IsLoweredByItsAttribute()
    {
        using var image = new MemoryStream();
        Assert.True(GeneratorRun.Valid(GeneratorRun.Compile("Payments", [], [Library])).Output.Emit(image).Success);

        var run = GeneratorRun.Valid(GeneratorRun.Compile(
            "Shop",
            [MetadataReference.CreateFromImage(image.ToArray())],
            [
                """
                [Workflow("w")]
                public sealed partial class W : IWorkflow<W.In>
                {
                    public sealed record In(long OrderId);
                    public static Flow Define(Flow flow, In input) => flow
                        .Run(Payments.ChargeCard.Definition, new(input.OrderId, 1.5m), out var receipt)
                        .Execute($"SELECT {receipt.Id}");
                }
                """,
            ]));

        var source = Assert.Single(run.Sources);
        Assert.Contains(
            """{"activity":"charge-card","input":{"order":"$input.order_id","total":1.5},"queue":null}""",
            source.Replace("\\", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("SELECT $receipt.id", source, StringComparison.Ordinal);
        Assert.Empty(run.Activities);
    }
}
