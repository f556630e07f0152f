using Patterns;
using PgDurable.Testing;

namespace PgDurable.Samples.Tests.Patterns;

public sealed class SummarizeSalesTests
{
    private static readonly DateOnly Day = new(2026, 3, 1);

    [Fact]
    public async Task Day_ManyBatches_AddsUpFourAtATime()
    {
        var result = await Sales()
            .Rows("batches", [.. Enumerable.Range(0, 6).Select(i => new SummarizeSales.Batch(i * 10, i * 10 + 9))])
            .Rows("SELECT count(*) AS sales", new SummarizeSales.Partial(10, 25.5m))
            .Takes("SELECT count(*) AS sales", TimeSpan.FromMinutes(1))
            .Rows("INSERT INTO patterns.daily_sales", new SummarizeSales.Summary(Day, 60, 153m))
            .RunAsync();

        Assert.Equal(153m, result.ShouldComplete().Output.Total);
        Assert.Equal(TimeSpan.FromMinutes(2), result.Elapsed);
    }

    [Fact]
    public async Task Day_WithoutSales_IsZero()
    {
        var result = await Sales()
            .Rows("batches")
            .Rows("INSERT INTO patterns.daily_sales", new SummarizeSales.Summary(Day, 0, 0m))
            .RunAsync();

        result.ShouldComplete().ShouldHaveRunExactly("batches", "INSERT INTO patterns.daily_sales");
    }

    private static WorkflowTest<SummarizeSales.Summary> Sales() =>
        WorkflowTest.For<SummarizeSales, SummarizeSales.Input, SummarizeSales.Summary>(new(Day, BatchSize: 10));
}
