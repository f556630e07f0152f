using System.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using PgDurable.Generators;

// Compiles 200 copies of a source with workflows and says how long the generator takes, and for comparison the compiler.
// The copies differ in their namespace and in the workflows' names, so that nothing can be shared.
const int Copies = 200;
const int Runs = 10;

var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
    .Select(path => (MetadataReference)MetadataReference.CreateFromFile(path)).ToArray();

foreach (var file in new[] { "order.txt", "all.txt" })
{
    var source = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, file));
    for (var run = 1; run <= Runs; run++)
    {
        var compilation = Compile(Copy(source));
        GC.Collect();
        var before = Environment.CpuUsage.TotalTime;
        var files = Generate(compilation, out var generator);
        Console.WriteLine($"{file}, run {run}: {files} files in {generator:0} ms, "
            + $"of which {(Environment.CpuUsage.TotalTime - before).TotalMilliseconds:0} ms of processors");
    }

    Console.WriteLine($"{file}: the compiler without the generator {Check(Compile(Copy(source))):0} ms");
}

foreach (var (kind, result, call, step) in new[]
{
    ("without a result", "Flow", "If", "Execute"),
    ("with a result", "Flow<string>", "If<string>", "QuerySingle<string>"),
    ("with a result whose type is inferred", "Flow<string>", "If", "QuerySingle<string>"),
})
{
    foreach (var depth in new[] { 4, 8, 12 })
    {
        var nested = $$"""
            using PgDurable;
            [Workflow("nested")]
            public sealed partial class Nested : IWorkflow<Nested.Input{{(result == "Flow" ? "" : ", string")}}>
            {
                public sealed record Input(long Id);
                public static {{result}} Define(Flow flow, Input input) => {{Nest("flow", call, step, depth)}};
            }
            """;
        _ = Check(Compile([nested]));
        _ = Generate(Compile([nested]), out var generator);
        Console.WriteLine($"If {kind}, nested {depth} deep: generator {generator:0} ms, compiler {Check(Compile([nested])):0} ms");
    }
}

static string Nest(string flow, string call, string step, int depth) => depth == 0
    ? $"{flow}.{step}(\"SELECT 1\")"
    : $"{flow}.{call}(input.Id == {depth}, then: a{depth} => {Nest($"a{depth}", call, step, depth - 1)}, "
        + $"otherwise: b{depth} => b{depth}.{step}(\"SELECT 2\"))";

static string[] Copy(string source) =>
    [.. Enumerable.Range(0, Copies)
        .Select(i => source.Replace("@", i.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal))];

CSharpCompilation Compile(string[] sources) => CSharpCompilation.Create(
    "Workflows",
    sources.Select((source, i) => CSharpSyntaxTree.ParseText(source, path: $"Workflow{i}.cs")),
    references,
    new(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

static int Generate(Compilation compilation, out double milliseconds)
{
    var watch = Stopwatch.StartNew();
    var driver = CSharpGeneratorDriver.Create(new WorkflowGenerator()).RunGenerators(compilation);
    milliseconds = watch.Elapsed.TotalMilliseconds;
    return driver.GetRunResult().GeneratedTrees.Length;
}

static double Check(Compilation compilation)
{
    var watch = Stopwatch.StartNew();
    _ = compilation.GetDiagnostics();
    return watch.Elapsed.TotalMilliseconds;
}
