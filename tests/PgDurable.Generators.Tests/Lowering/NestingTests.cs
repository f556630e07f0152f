using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace PgDurable.Generators.Tests.Lowering;

/// <summary>
/// What the compiler needs for nested steps. It may bind a lambda for each overload and each inference, and so a nested one twice as often
/// with each level. What it allocates shows how much it does, and is the same each time.
/// </summary>
public sealed class NestingTests
{
    // Works on one thread only, whose allocations are counted. All compilations share what it has loaded.
    private static readonly Compilation Empty =
        GeneratorRun.Compile().WithOptions(GeneratorRun.CompilationOptions.WithConcurrentBuild(false));

    // F is the flow, G the one of the lambda, N the level and @ the steps in the lambda.
    public static TheoryData<string> WithoutResult => new(
        "F.If(id > N, then: G => @, otherwise: e => e.Execute(\"SELECT N\"))",
        "F.If(id > N, then: t => t.Execute(\"SELECT N\"), otherwise: G => @)",
        "F.If($\"SELECT {id} > N\", then: G => @, otherwise: e => e.Execute(\"SELECT N\"))",
        "F.If(id > N, G => @)",
        "F.If(\"SELECT true\", G => @.QuerySingle<string>(\"SELECT N\"))",
        "F.While(id > N, G => @)",
        "F.While(\"SELECT true\", G => @)",
        "F.Forever(G => @)",
        "F.ForEach(Rows.Range(1, N), (G, item) => @)",
        "F.ForEach(items, (G, item) => @, maxParallel: 2)",
        "F.Parallel(G => @, e => e.QuerySingle<string>(\"SELECT N\"))",
        "F.Parallel(a => a.Execute(\"SELECT N\"), G => @, c => c.Execute(\"SELECT N\"), d => d.Execute(\"SELECT N\"))",
        "F.Try(G => @, (e, error) => e.Execute(\"SELECT N\"))",
        "F.Try(t => t.Execute(\"SELECT N\"), (G, error) => @, last: l => l.Execute(\"SELECT N\"))",
        "F.Try(t => t.Execute(\"SELECT N\"), (e, error) => e.Execute(\"SELECT N\"), last: G => @)",
        "F.Execute(\"SELECT N\").Compensate(G => @)",
        "F.QuerySingle<string>(\"SELECT N\").Compensate(G => @)",
        "F.Retry(new Retry(2), G => @)",
        "F.Timeout(TimeSpan.FromSeconds(N), G => @)");

    public static TheoryData<string> WithNamedResult => new(
        "F.If<string>(id > N, then: G => @, otherwise: e => e.QuerySingle<string>(\"SELECT N\"))",
        "F.If<string>(\"SELECT true\", then: t => t.QuerySingle<string>(\"SELECT N\"), otherwise: G => @, out _)",
        "F.Forever<string>(G => @)",
        "F.ForEach<int, string>(Rows.Range(1, N), (G, item) => @.QuerySingle<string>(\"SELECT N\")).QuerySingle<string>(\"SELECT N\")",
        "F.Parallel<string, string>(G => @, b => b.QuerySingle<string>(\"SELECT N\"), out _, out _).QuerySingle<string>(\"SELECT N\")",
        "F.Race<string>(G => @, e => e.QuerySingle<string>(\"SELECT N\"))",
        "F.Race<string>(out _, G => @, e => e.QuerySingle<string>(\"SELECT N\"))",
        "F.Try<string>(G => @, (e, error) => e.QuerySingle<string>(\"SELECT N\"))",
        "F.Try<string>(t => t.QuerySingle<string>(\"SELECT N\"), (G, error) => @, out _)",
        "F.Retry<string>(new Retry(2), G => @, out _)",
        "F.Timeout<string>(TimeSpan.FromSeconds(N), G => @, out _)");

    [Theory]
    [MemberData(nameof(WithoutResult))]
    public void WithoutResult_Nested_GrowsWithTheDepth(string step) => AssertLinear(step, "F.Execute(\"SELECT 0\")", "Flow");

    [Theory]
    [MemberData(nameof(WithNamedResult))]
    public void WithResult_TypeNamed_GrowsWithTheDepth(string step) =>
        AssertLinear(step, "F.QuerySingle<string>(\"SELECT 0\")", "Flow<string>");

    // To infer the nullability of a result, the compiler binds the lambda once more for every level around it.
    [Theory]
    [InlineData("F.If(id > N, then: G => @, otherwise: e => e.QuerySingle<string>(\"SELECT N\"))")]
    [InlineData("F.If(\"SELECT true\", then: t => t.QuerySingle<string>(\"SELECT N\"), otherwise: G => @, out _)")]
    [InlineData("F.Race(G => @, e => e.QuerySingle<string>(\"SELECT N\"))")]
    [InlineData("F.Race(out _, G => @, e => e.QuerySingle<string>(\"SELECT N\"))")]
    [InlineData("F.Try(G => @, (e, error) => e.QuerySingle<string>(\"SELECT N\"))")]
    [InlineData("F.Try(t => t.QuerySingle<string>(\"SELECT N\"), (G, error) => @, out _)")]
    [InlineData("F.Retry(new Retry(2), G => @, out _)")]
    [InlineData("F.Timeout(TimeSpan.FromSeconds(N), G => @, out _)")]
    public void WithResult_TypeInferred_AboutDoublesWithEachLevel(string step) =>
        AssertDoubles(step, "F.QuerySingle<string>(\"SELECT 0\")", "Flow<string>");

    // One branch has a result that nobody uses. The compiler tries it for the others too.
    [Theory]
    [InlineData("F.If(id > N, then: G => @, otherwise: e => e.QuerySingle<string>(\"SELECT N\"))")]
    [InlineData("F.Race(G => @, e => e.QuerySingle<string>(\"SELECT N\"))")]
    public void OneResult_Unused_AboutDoublesWithEachLevel(string step) => AssertDoubles(step, "F.Execute(\"SELECT 0\")", "Flow");

    private static void AssertDoubles(string step, string innermost, string type)
    {
        var (first, second) = Growth(2, step, innermost, type);
        Assert.True(second < 7 * first, $"{first} bytes for two levels, {second} for two more");
    }

    // The types of lambdas have no nullable annotations, but their parameters refuse null all the same.
    [Theory]
    [InlineData("f.If(id > 1, null)")]
    [InlineData("f.If(\"SELECT true\", null, e => e.Execute(\"SELECT 1\"))")]
    [InlineData("f.If<string>(id > 1, e => e.QuerySingle<string>(\"SELECT 1\"), null)")]
    [InlineData("f.Try(null, (e, error) => e.Execute(\"SELECT 1\"))")]
    [InlineData("f.Try<string>(e => e.QuerySingle<string>(\"SELECT 1\"), null, out _)")]
    [InlineData("f.ForEach(items, (Func<Flow, string, Flow>)null)")]
    [InlineData("f.ForEach((Rows<string>)null, (e, item) => e.Execute(\"SELECT 1\"))")]
    [InlineData("f.Parallel(e => e.QuerySingle<string>(\"SELECT 1\"), (Func<Flow, Flow<string>>)null, out _, out _)")]
    [InlineData("f.Race((Func<Flow, Flow>[])null)")]
    [InlineData("f.Retry(null, e => e.Execute(\"SELECT 1\"))")]
    [InlineData("f.Timeout(TimeSpan.FromSeconds(1), null)")]
    public void Null_WhereStepsAreNeeded_IsReportedByTheCompiler(string body) =>
        Assert.Contains(Compile("Flow", body).GetDiagnostics(), diagnostic => diagnostic.Id is "CS8625" or "CS8604" or "CS8607");

    private static void AssertLinear(string step, string innermost, string type)
    {
        var (first, second) = Growth(4, step, innermost, type);
        Assert.True(second < 2 * first, $"{first} bytes for four levels, {second} for four more");
    }

    // What some levels cost, and what as many more cost.
    private static (long First, long Second) Growth(int levels, string step, string innermost, string type)
    {
        // The first one also loads what the step needs of the references.
        var most = Math.Min(Allocated(step, innermost, type, 2 + (2 * levels)), Allocated(step, innermost, type, 2 + (2 * levels)));
        var (few, more) = (Allocated(step, innermost, type, 2), Allocated(step, innermost, type, 2 + levels));
        return (more - few, most - more);
    }

    private static long Allocated(string step, string innermost, string type, int depth)
    {
        var body = innermost;
        for (var level = 1; level <= depth; level++)
        {
            body = step.Replace("N", $"{level}", StringComparison.Ordinal)
                .Replace("@", body.Replace("F.", $"g{level}.", StringComparison.Ordinal), StringComparison.Ordinal)
                .Replace("G =>", $"g{level} =>", StringComparison.Ordinal).Replace("(G,", $"(g{level},", StringComparison.Ordinal);
        }

        var compilation = Compile(type, body.Replace("F.", "f.", StringComparison.Ordinal));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var diagnostics = compilation.GetDiagnostics();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Empty(diagnostics.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning && diagnostic.Id != "CS1591"));
        return allocated;
    }

    private static Compilation Compile(string type, string body)
    {
        var source = $$"""
            public static class Nested
            {
                public static {{type}} Define(Flow f, int id, IReadOnlyList<string> items) => {{body}};
            }
            """;
        return Empty.AddSyntaxTrees(CSharpSyntaxTree.ParseText(source, GeneratorRun.ParseOptions));
    }
}
