using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using PgDurable.Generators.Analyzers;

namespace PgDurable.Generators.Tests;

/// <summary>Runs the generator and the analyzers over a source, and checks what must hold for every run.</summary>
internal sealed class GeneratorRun
{
    public static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.Latest, DocumentationMode.Diagnose);

    public static readonly CSharpCompilationOptions CompilationOptions = new(
        OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable, warningLevel: 9999);

    public static readonly MetadataReference[] References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !Path.GetFileName(path).StartsWith("PgDurable.Generators", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path))];

    public const string Usings =
        "global using System; global using System.Collections.Generic; global using System.Text.Json; "
        + "global using System.Linq; global using System.Threading; global using System.Threading.Tasks; "
        + "global using Npgsql; global using PgDurable;";

    private GeneratorRun(GeneratorDriver driver, Compilation input, Compilation output)
    {
        Driver = driver;
        Input = input;
        Output = output;
    }

    public GeneratorDriver Driver { get; }

    public Compilation Input { get; }

    public Compilation Output { get; }

    /// <summary>The sources that were generated for the workflows, ordered by name.</summary>
    public IReadOnlyList<string> Sources => Files(".Workflow.g.cs");

    /// <summary>The sources that were generated for the activities, ordered by name.</summary>
    public IReadOnlyList<string> Activities => Files(".Activity.g.cs");

    /// <summary>The generated files whose names have this ending, ordered by name.</summary>
    public IReadOnlyList<string> Files(string end) =>
        [.. Driver.GetRunResult().Results.SelectMany(result => result.GeneratedSources)
            .Where(source => source.HintName.EndsWith(end, StringComparison.Ordinal))
            .OrderBy(source => source.HintName, StringComparer.Ordinal).Select(source => source.SourceText.ToString())];

    public static Compilation Compile(params string[] sources) => Compile("Tests", [], sources);

    /// <summary>A project that references others.</summary>
    public static Compilation Compile(string name, MetadataReference[] projects, string[] sources) => CSharpCompilation.Create(
        name,
        [CSharpSyntaxTree.ParseText(Usings, ParseOptions, "Usings.cs"),
            .. sources.Select((source, i) => CSharpSyntaxTree.ParseText(source, ParseOptions, $"Source{i}.cs"))],
        [.. References, .. projects],
        CompilationOptions);

    /// <summary>One instance of each generator.</summary>
    public static ISourceGenerator[] Generators() =>
        [new WorkflowGenerator().AsSourceGenerator(), new ActivityGenerator().AsSourceGenerator()];

    /// <summary>One instance of each analyzer.</summary>
    public static ImmutableArray<DiagnosticAnalyzer> AllAnalyzers() =>
        [.. typeof(WorkflowGenerator).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(DiagnosticAnalyzer)))
            .Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!)];

    /// <summary>Runs the generator twice: the second run must find everything cached.</summary>
    public static GeneratorRun Of(params string[] sources) => Of(Compile(sources));

    /// <summary>Runs the generator over a project twice: the second run must find everything cached.</summary>
    public static GeneratorRun Of(Compilation compilation, params AdditionalText[] files)
    {
        GeneratorDriver driver = CSharpGeneratorDriver.Create(
            Generators(),
            files,
            parseOptions: ParseOptions,
            driverOptions: new(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

        driver = driver.RunGeneratorsAndUpdateCompilation(compilation, out var output, out var diagnostics);
        Assert.Empty(diagnostics);
        Assert.All(driver.GetRunResult().Results, result => Assert.Null(result.Exception));

        var again = driver.RunGenerators(compilation.Clone());
        AssertCached(again);
        AssertNoCompilerObjects(driver);
        return new(driver, compilation, output);
    }

    /// <summary>Runs over a valid source: our analyzers report nothing, and the generated code has no errors or warnings.</summary>
    public static GeneratorRun Valid(params string[] sources) => Valid(Compile(sources));

    /// <summary>Runs over a valid project: our analyzers report nothing, and the generated code has no errors or warnings.</summary>
    public static GeneratorRun Valid(Compilation compilation)
    {
        var run = Of(compilation);
        Assert.Empty(run.Diagnostics());
        Assert.Empty(run.Output.GetDiagnostics().Where(diagnostic =>
            diagnostic.Severity >= DiagnosticSeverity.Warning && !IsAboutTestSource(diagnostic)));
        return run;
    }

    /// <summary>What the analyzers report, by position.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics() =>
        Diagnostics(new DeclarationAnalyzer(), new DefinitionAnalyzer(), new NameAnalyzer());

    /// <summary>What these analyzers report, by position.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics(params DiagnosticAnalyzer[] analyzers) => Diagnostics([], analyzers);

    /// <summary>What these analyzers report about a project that has additional files.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics(ImmutableArray<AdditionalText> files, params DiagnosticAnalyzer[] analyzers)
    {
        var reported = Output.WithAnalyzers([.. analyzers], new AnalyzerOptions(files))
            .GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult();
        return [.. reported.OrderBy(diagnostic => diagnostic.Location.SourceTree?.FilePath, StringComparer.Ordinal)
            .ThenBy(diagnostic => diagnostic.Location.SourceSpan.Start).ThenBy(diagnostic => diagnostic.Id, StringComparer.Ordinal)];
    }

    /// <summary>Runs again with other sources and says what became of the workflows. One that was cached counts as unchanged.</summary>
    public IReadOnlyList<IncrementalStepRunReason> ReasonsAfter(params string[] sources) =>
        ReasonsAfter(TrackingNames.Workflows, sources);

    /// <summary>Runs again with other sources and says what became of a step's outputs.</summary>
    public IReadOnlyList<IncrementalStepRunReason> ReasonsAfter(string step, string[] sources) =>
        [.. Reasons(Driver.RunGenerators(Compile(sources)), step)
            .Select(reason => reason == IncrementalStepRunReason.Cached ? IncrementalStepRunReason.Unchanged : reason)];

    // Test sources have no XML docs, but generated code has.
    private static bool IsAboutTestSource(Diagnostic diagnostic) =>
        diagnostic.Id == "CS1591" && diagnostic.Location.SourceTree!.FilePath.StartsWith("Source", StringComparison.Ordinal);

    private static IReadOnlyList<IncrementalStepRunReason> Reasons(GeneratorDriver driver, string step) =>
        [.. driver.GetRunResult().Results
            .SelectMany(result => result.TrackedSteps.TryGetValue(step, out var runs) ? runs : [])
            .SelectMany(run => run.Outputs).Select(output => output.Reason)];

    private static void AssertCached(GeneratorDriver driver)
    {
        Assert.All(
            [.. Reasons(driver, TrackingNames.Workflows), .. Reasons(driver, TrackingNames.Activities)],
            reason => Assert.True(reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, reason.ToString()));
        Assert.All(
            driver.GetRunResult().Results
                .SelectMany(result => result.TrackedOutputSteps).SelectMany(step => step.Value).SelectMany(run => run.Outputs),
            output => Assert.Equal(IncrementalStepRunReason.Cached, output.Reason));
    }

    // A symbol or a syntax node in a spec would keep a whole compilation alive, and would never equal the next one.
    private static void AssertNoCompilerObjects(GeneratorDriver driver)
    {
        var steps = driver.GetRunResult().Results.SelectMany(result => result.TrackedSteps)
            .Where(step => step.Key is TrackingNames.Workflows or TrackingNames.Activities).SelectMany(step => step.Value);
        foreach (var (value, _) in steps.SelectMany(step => step.Outputs))
            Walk(value, new(ReferenceEqualityComparer.Instance));
    }

    private static void Walk(object? value, HashSet<object> seen)
    {
        if (value is null or string || value.GetType().IsPrimitive || value.GetType().IsEnum || !seen.Add(value))
            return;
        Assert.False(value is ISymbol or SyntaxNode or Compilation or SemanticModel or Location, $"{value.GetType()} in a spec");
        if (value is IEnumerable items)
        {
            foreach (var item in items)
                Walk(item, seen);
        }

        foreach (var field in value.GetType().GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            Walk(field.GetValue(value), seen);
    }
}
