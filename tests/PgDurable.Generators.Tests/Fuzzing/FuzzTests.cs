using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using PgDurable.Generators.Tests.Analyzers;
using PgDurable.Generators.Tests.CodeFixes;
using PgDurable.Generators.Tests.Lowering;
using Xunit.Abstractions;

namespace PgDurable.Generators.Tests.Fuzzing;

/// <summary>
/// Whatever somebody types into a workflow, the generators, the analyzers and the code fixes answer without an exception. The code that is
/// generated from a source without errors compiles.
/// </summary>
/// <remarks>
/// By default, each file is edited in the same 20 ways, and each small workflow of the other tests in one. <c>PGDURABLE_FUZZ_SECONDS</c>
/// tries other ways for that long, for each file and for all small workflows together. A failure names its seed, and
/// <c>PGDURABLE_FUZZ_SEED</c> repeats only that one.
/// </remarks>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Fuzzing", "Sources");

    private static readonly int Seconds =
        int.Parse(Environment.GetEnvironmentVariable("PGDURABLE_FUZZ_SECONDS") ?? "0", CultureInfo.InvariantCulture);

    private static readonly int? OnlySeed =
        int.TryParse(Environment.GetEnvironmentVariable("PGDURABLE_FUZZ_SEED"), CultureInfo.InvariantCulture, out var seed) ? seed : null;

    // What is edited has one file, so that the compiler keeps what it knows about the others.
    private static readonly CSharpCompilation Project = (CSharpCompilation)GeneratorRun.Compile("");

    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(Folder, "*.cs", SearchOption.AllDirectories)
            .Where(path => File.ReadAllText(path) is var text
                && (text.Contains("[Workflow(", StringComparison.Ordinal) || text.Contains("[Activity(", StringComparison.Ordinal)))
            .Select(path => Path.GetRelativePath(Folder, path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void File_WithRandomEdits_MakesOnlyDiagnostics(string file) =>
        Check(file, [File.ReadAllText(Path.Combine(Folder, file))], 20);

    /// <summary>Each construct of the language, and each mistake that has a diagnostic.</summary>
    [Fact]
    public void SmallWorkflow_WithRandomEdits_MakesOnlyDiagnostics()
    {
        string[] sources =
        [
            .. ConstructTests.Constructs.Select(row => ConstructTests.Source((string)((object[])row)[0])),
            // For an edit of a deeply nested source, the compiler itself may take for ever.
            .. DiagnosticsTests.Mistakes.Where(row => (string)((object[])row)[0] != "PGD1013").Select(row =>
                ((string)((object[])row)[1]).Replace("⟦", "", StringComparison.Ordinal).Replace("⟧", "", StringComparison.Ordinal)),
        ];
        Check("small workflows", sources, sources.Length);
    }

    /// <summary>Sources that once caused an exception.</summary>
    [Theory]
    [InlineData("[Workflow(\"w\")] public partial class W : IWorkflow { }")]
    [InlineData("public record In(int Id); public class Child : IWorkflow { } [Workflow(\"w\")] public partial class W : IWorkflow<In> "
        + "{ public static Flow Define(Flow flow, In input) => flow.Run(new Child(), new(1)); }")]
    [InlineData("public record R(int A, bool ); [Workflow(\"w\")] public partial class W : IWorkflow<R, R> "
        + "{ public static Flow<R> Define(Flow flow, R input) => flow.QuerySingle<R>(\"SELECT 1\"); }")]
    [InlineData("public record R(int A, bool ); [Workflow(\"w\")] public partial class W : IWorkflow<R, R> "
        + "{ public static Flow<R> Define(Flow flow, R input) => flow.Query<R>(\"SELECT 1\", out var rows)"
        + ".ForEach(rows, (f, row) => f.QuerySingle<R>(\"SELECT 1\"), out var results); }")]
    [InlineData("public record R([Column(\"\")] int A, [Column(\"\\0\")] int B); [Workflow(\"w\")] public partial class W : IWorkflow<R> "
        + "{ public static Flow Define(Flow flow, R input) => flow.Query<R>(\"SELECT 1\", out var rows)"
        + ".ForEach(rows, (f, row) => f.QuerySingle<R>(\"SELECT 1\"), out var results); }")]
    public async Task Source_ThatWasFound_MakesOnlyDiagnostics(string source) => Assert.Null(await RunAsync(source));

    private void Check(string name, string[] sources, int count)
    {
        var words = sources.SelectMany(source => CSharpSyntaxTree.ParseText(source).GetRoot().DescendantTokens())
            .Select(token => token.Text).Distinct().ToArray();
        if (OnlySeed is { } only)
        {
            Check(name, sources, words, only);
            return;
        }

        // The default edits never change, so that a failure comes from the change under test. Longer runs make new ones.
        var first = Seconds > 0 ? Random.Shared.Next(int.MaxValue / 2) : 1;
        var watch = Stopwatch.StartNew();
        var runs = 0;
        for (; Seconds > 0 ? watch.Elapsed.TotalSeconds < Seconds : runs < count; runs++)
            Check(name, sources, words, first + runs);
        output.WriteLine($"{name}: seeds {first} to {first + runs - 1}, {runs} mutants");
    }

    private static void Check(string name, string[] sources, string[] words, int seed)
    {
        var (edited, edits) = SourceEditor.Edit(sources[seed % sources.Length], words, seed);
        string? problem;
        try
        {
            problem = RunAsync(edited).GetAwaiter().GetResult();
        }
        catch (Exception error)
        {
            problem = error.ToString();
        }

        if (problem is not null)
            Assert.Fail($"PGDURABLE_FUZZ_SEED={seed} ({name})\n{problem}\n\nEdits:\n{string.Join("\n", edits)}\n\nSource:\n{edited}");
    }

    /// <summary>Returns what went wrong, or null.</summary>
    private static async Task<string?> RunAsync(string source)
    {
        var old = Project.SyntaxTrees[1];
        var compilation = Project.ReplaceSyntaxTree(old, CSharpSyntaxTree.ParseText(source, GeneratorRun.ParseOptions, old.FilePath));
        var driver = CSharpGeneratorDriver.Create(GeneratorRun.Generators(), parseOptions: GeneratorRun.ParseOptions)
            .RunGeneratorsAndUpdateCompilation(compilation, out var output, out _);
        if (driver.GetRunResult().Results.Select(result => result.Exception).FirstOrDefault(error => error is not null) is { } error)
            return $"The generator: {error}";

        var errors = new ConcurrentQueue<string>();
        var options = new CompilationWithAnalyzersOptions(
            new AnalyzerOptions([]), (exception, analyzer, _) => errors.Enqueue($"{analyzer.GetType().Name}: {exception}"),
            concurrentAnalysis: false, logAnalyzerExecutionTime: false);
        var reported = await output.WithAnalyzers(GeneratorRun.AllAnalyzers(), options).GetAnalyzerDiagnosticsAsync();
        if (!errors.IsEmpty)
            return string.Join("\n", errors);

        await FixRun.ApplyAllAsync(source, reported);

        // The errors of the source itself are the compiler's business.
        if (compilation.SyntaxTrees.Any(tree => tree.GetDiagnostics().Any()))
            return null;
        var wrong = output.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToArray();
        return wrong.Length > 0 && wrong.All(diagnostic => IsGenerated(diagnostic.Location.SourceTree))
            ? $"The generated code: {string.Join("\n", wrong.Take(5))}"
            : null;
    }

    private static bool IsGenerated(SyntaxTree? tree) => tree?.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) == true;
}
