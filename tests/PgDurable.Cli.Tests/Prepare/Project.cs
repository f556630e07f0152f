using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using PgDurable.Generators;
using PgDurable.Generators.Analyzers;

namespace PgDurable.Cli.Tests.Prepare;

/// <summary>
/// A project with one source file: built into an assembly that the tool reads, and analyzed with the file that the tool writes.
/// </summary>
public sealed class Project : IDisposable
{
    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.Latest);

    private static readonly MetadataReference[] References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !Path.GetFileName(path).StartsWith("PgDurable.Generators", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path))];

    private readonly string _folder = Directory.CreateTempSubdirectory("pgd-project-").FullName;
    private readonly Compilation _compilation;

    /// <summary>A project with this source.</summary>
    public Project(string source)
    {
        var compilation = CSharpCompilation.Create(
            "App",
            [
                CSharpSyntaxTree.ParseText("global using System; global using PgDurable;", ParseOptions),
                CSharpSyntaxTree.ParseText(source, ParseOptions, "Source.cs"),
            ],
            References,
            new(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        CSharpGeneratorDriver.Create([new WorkflowGenerator().AsSourceGenerator()], parseOptions: ParseOptions)
            .RunGeneratorsAndUpdateCompilation(compilation, out _compilation!, out _);
        var emitted = _compilation.Emit(Assembly);
        Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics));
    }

    /// <summary>A project with one workflow.</summary>
    public static Project With(string steps, string members) => new(
        $$""""
        namespace Shop;

        [Workflow("ship")]
        public sealed partial class Ship : IWorkflow<Ship.Input>
        {
            public sealed record Input(long OrderId, string Name);
            {{members}}
            public static Flow Define(Flow flow, Input input) => flow{{steps}};
        }
        """");

    public string Assembly => Path.Combine(_folder, "App.dll");

    public string File => Path.Combine(_folder, ".pgdurable", "statements.json");

    /// <summary>What the analyzer reports, and the text that it reports it on.</summary>
    public IReadOnlyList<(string Id, string Text, string Message)> Diagnostics() =>
    [
        .. _compilation.WithAnalyzers([new StatementAnalyzer()], new AnalyzerOptions([new FileText(File)]))
            .GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult()
            .Select(each => (
                each.Id, each.Location.SourceTree?.GetText().ToString(each.Location.SourceSpan) ?? "",
                each.GetMessage(System.Globalization.CultureInfo.InvariantCulture))),
    ];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private sealed class FileText(string path) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) =>
            SourceText.From(System.IO.File.ReadAllText(path));
    }
}
