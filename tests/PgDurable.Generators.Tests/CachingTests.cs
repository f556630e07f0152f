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

    [Theory]
    [InlineData("// a comment\n", "", "", IncrementalStepRunReason.Unchanged)]
    [InlineData("", "int Id", "int? Id", IncrementalStepRunReason.Modified)]
    [InlineData("", "public partial", "public", IncrementalStepRunReason.Removed)]
    public void Activity_Changed_IsModified(string before, string old, string changed, IncrementalStepRunReason expected)
    {
        var source = ActivitySource.Class("public partial class A");

        var edited = before + (old.Length > 0 ? source.Replace(old, changed, StringComparison.Ordinal) : source);

        Assert.Equal([expected], GeneratorRun.Valid(source).ReasonsAfter(TrackingNames.Activities, [edited]));
    }
}
