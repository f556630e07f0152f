using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Xunit.Abstractions;

namespace PgDurable.Generators.Tests.Fuzzing;

/// <summary>
/// Whatever somebody types into a workflow, the generator and the analyzers answer with diagnostics and never with an exception. The code
/// that is generated from a source without errors compiles.
/// </summary>
/// <remarks>
/// By default each file is edited in the same 150 ways. <c>PGDURABLE_FUZZ_SECONDS</c> tries other ways for that long. A failure names its
/// seed, and <c>PGDURABLE_FUZZ_SEED</c> repeats only that one.
/// </remarks>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Fuzzing", "Sources");

    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(Folder, "*.cs", SearchOption.AllDirectories)
            .Where(path => File.ReadAllText(path).Contains("[Workflow(", StringComparison.Ordinal))
            .Select(path => Path.GetRelativePath(Folder, path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Source_WithRandomEdits_MakesOnlyDiagnostics(string file)
    {
        var source = File.ReadAllText(Path.Combine(Folder, file));
        var words = CSharpSyntaxTree.ParseText(source).GetRoot().DescendantTokens().Select(token => token.Text).Distinct().ToArray();
        if (Environment.GetEnvironmentVariable("PGDURABLE_FUZZ_SEED") is { Length: > 0 } given)
        {
            Check(file, source, words, int.Parse(given, CultureInfo.InvariantCulture));
            return;
        }

        // The default edits never change, so that a failure comes from the change under test. Longer runs make new ones.
        var seconds = int.Parse(Environment.GetEnvironmentVariable("PGDURABLE_FUZZ_SECONDS") ?? "0", CultureInfo.InvariantCulture);
        var first = seconds > 0 ? Random.Shared.Next(int.MaxValue / 2) : 1;
        var watch = Stopwatch.StartNew();
        var runs = 0;
        for (; seconds > 0 ? watch.Elapsed.TotalSeconds < seconds : runs < 150; runs++)
            Check(file, source, words, first + runs);
        output.WriteLine($"{file}: seeds {first} to {first + runs - 1}");
    }

    [Fact]
    public void Activities_WithRandomEdits_MakeOnlyDiagnostics()
    {
        var source = WorkflowSource.WithSteps(
            ".Run(ChargeCard.Definition, new(1, 2, null), out var receipt).Run(FindLines.Definition, new(), out var lines)"
            + ".ForEach(lines, (f, line) => f.Run(SendMail.Definition, line.Sku, \"mail\")).Execute($\"SELECT {receipt.Id}\")")
            + ActivitySource.All;
        var words = CSharpSyntaxTree.ParseText(source).GetRoot().DescendantTokens().Select(token => token.Text).Distinct().ToArray();
        for (var seed = 1; seed <= 60; seed++)
            Check("activities", source, words, seed);
    }

    /// <summary>Sources that once caused an exception.</summary>
    [Theory]
    [InlineData("[Workflow(\"w\")] public partial class W : IWorkflow { }")]
    public void Source_ThatWasFound_MakesOnlyDiagnostics(string source) => Assert.Null(Run(source));

    private static void Check(string file, string source, string[] words, int seed)
    {
        var (edited, edits) = SourceEditor.Edit(source, words, seed);

        if (Run(edited) is { } problem)
        {
            Assert.Fail(
                $"PGDURABLE_FUZZ_SEED={seed} ({file})\n{problem}\n\nEdits:\n{string.Join("\n", edits)}\n\nSource:\n{edited}");
        }
    }

    /// <summary>Returns what went wrong, or null.</summary>
    private static string? Run(string source)
    {
        var compilation = GeneratorRun.Compile(source);
        var driver = CSharpGeneratorDriver.Create(GeneratorRun.Generators(), parseOptions: GeneratorRun.ParseOptions)
            .RunGeneratorsAndUpdateCompilation(compilation, out var output, out _);
        if (driver.GetRunResult().Results.Select(result => result.Exception).FirstOrDefault(error => error is not null) is { } error)
            return $"The generator: {error}";

        var errors = new ConcurrentQueue<string>();
        var analyzers = GeneratorRun.AllAnalyzers();
        var options = new CompilationWithAnalyzersOptions(
            new AnalyzerOptions([]), (exception, analyzer, _) => errors.Enqueue($"{analyzer.GetType().Name}: {exception}"),
            concurrentAnalysis: false, logAnalyzerExecutionTime: false);
        output.WithAnalyzers(analyzers, options).GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult();
        if (!errors.IsEmpty)
            return string.Join("\n", errors);

        var wrong = output.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToArray();
        return wrong.Length > 0 && wrong.All(diagnostic => IsGenerated(diagnostic.Location.SourceTree))
            ? $"The generated code: {string.Join("\n", wrong.Take(5))}"
            : null;
    }

    private static bool IsGenerated(SyntaxTree? tree) => tree?.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) == true;
}
