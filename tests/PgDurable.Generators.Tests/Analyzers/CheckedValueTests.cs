using Microsoft.CodeAnalysis.Diagnostics;
using PgDurable.Generators.Analyzers;

namespace PgDurable.Generators.Tests.Analyzers;

/// <summary>The compiler's warning about <c>Value</c> remains only where nothing checks that there is a value.</summary>
public sealed class CheckedValueTests
{
    private const string Use = "f => f.Execute($\"SELECT {input.Amount.Value}\")";

    [Theory]
    [InlineData(".If(input.Amount.HasValue, " + Use + ")", false)]
    [InlineData(".If(input.OrderId > 1 && input.Amount != null, " + Use + ")", false)]
    [InlineData(".If(input.Amount is not null, f => f.Retry(new Retry(2), " + Use + "))", false)]
    [InlineData(".If(!input.Amount.HasValue || input.OrderId > 1, f => f.Execute(\"SELECT 1\"), otherwise: " + Use + ")", false)]
    [InlineData(".If(otherwise: " + Use + ", condition: input.Amount == null, then: f => f.Execute(\"SELECT 1\"))", false)]
    [InlineData(".QuerySingleOrNull<int>(\"SELECT 1\", out var n)"
        + ".While(n.HasValue, f => f.QuerySingleOrNull<int>($\"SELECT {n.Value}\", out n))", false)]
    [InlineData(".If(input.Amount.HasValue || input.OrderId > 1, " + Use + ")", true)]
    [InlineData(".If(input.Amount.HasValue, f => f.Execute(\"SELECT 1\"), otherwise: " + Use + ")", true)]
    [InlineData(".Retry(new Retry(2), " + Use + ")", true)]
    public async Task Value_AfterACheck_IsNoWarning(string steps, bool warns)
    {
        var run = GeneratorRun.Of(WorkflowSource.WithSteps(steps));
        Assert.Empty(run.Diagnostics());

        var all = await run.Output.WithAnalyzers([new CheckedValueSuppressor()]).GetAllDiagnosticsAsync();

        Assert.Equal(warns, all.Any(diagnostic => diagnostic.Id == "CS8629"));
    }
}
