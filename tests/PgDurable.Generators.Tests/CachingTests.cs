using Microsoft.CodeAnalysis;

namespace PgDurable.Generators.Tests;

public sealed class CachingTests
{
    private static readonly string Source = WorkflowSource.WithSql("$\"SELECT {input.OrderId}\"");

    [Theory]
    [InlineData("")]
    [InlineData("public class Unrelated { }")]
    public void UnrelatedType_Added_ChangesNothing(string other) =>
        Assert.Equal([IncrementalStepRunReason.Unchanged], GeneratorRun.Valid(Source).ReasonsAfter(Source + other));

    [Fact]
    public void Class_MovedDownWithComments_ChangesNothing() =>
        Assert.Equal(
            [IncrementalStepRunReason.Unchanged],
            GeneratorRun.Valid(Source).ReasonsAfter(
                "// a comment\n\n\n" + Source.Replace("flow.Execute", "flow /* here */ . Execute", StringComparison.Ordinal)));

    [Fact]
    public void Step_Changed_IsModified() =>
        Assert.Equal(
            [IncrementalStepRunReason.Modified],
            GeneratorRun.Valid(Source).ReasonsAfter(Source.Replace("SELECT", "SELECT DISTINCT", StringComparison.Ordinal)));

    [Fact]
    public void Property_Renamed_IsModified() =>
        Assert.Equal(
            [IncrementalStepRunReason.Modified],
            GeneratorRun.Valid(Source).ReasonsAfter(Source.Replace("OrderId", "Id", StringComparison.Ordinal)));

    [Fact]
    public void Step_Broken_RemovesTheWorkflow() =>
        Assert.Equal(
            [IncrementalStepRunReason.Removed],
            GeneratorRun.Valid(Source).ReasonsAfter(Source.Replace("{input.OrderId}", "{DateTime.Now}", StringComparison.Ordinal)));
}
