using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using PgDurable.Generators;

namespace PgDurable.Docs.Tests;

/// <summary>
/// All C# of a page as one project: its blocks, and what it takes for granted, which is in <c>Preludes/common.cs</c> and in the file of
/// the page's name there. A line <c>// with: orders.cs</c> in that one adds another file.
/// </summary>
internal static class CSharpPage
{
    static readonly CSharpParseOptions Options = new(LanguageVersion.Preview);

    static readonly MetadataReference[] References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileNameWithoutExtension(path) is not ("PgDurable.Generators" or "PgDurable.Cli"))
            .Select(path => MetadataReference.CreateFromFile(path))];

    static readonly string Preludes = Path.Combine(RepositoryRoot.Path, "tests/PgDurable.Docs.Tests/Preludes");

    /// <summary>What the compiler, the generator and the analyzers say about a page, with the page's lines.</summary>
    public static async Task<IReadOnlyList<string>> ProblemsAsync(string page, IEnumerable<CodeBlock> blocks)
    {
        var prelude = Path.Combine(Preludes, Path.ChangeExtension(page.Replace('/', '.'), ".cs"));
        var settings = File.Exists(prelude) ? await File.ReadAllTextAsync(prelude) : "";
        List<SyntaxTree> trees = [await TreeAsync(Path.Combine(Preludes, "common.cs"))];
        if (settings.Length > 0)
            trees.Add(await TreeAsync(prelude));
        if (Setting(settings, 0)("with") is { } shared)
            trees.Add(await TreeAsync(Path.Combine(Preludes, shared)));
        var pieces = blocks.SelectMany(CSharpPiece.Of).ToList();
        foreach (var piece in pieces)
            trees.Add(CSharpSyntaxTree.ParseText(piece.Wrap(page, Setting(settings, piece.Line)), Options, $"Block{piece.Line}.cs"));

        var assembly = typeof(WorkflowGenerator).Assembly;
        var generators = Instances<IIncrementalGenerator>().Select(generator => generator.AsSourceGenerator());
        var kind = new CSharpCompilationOptions(
            pieces.Any(piece => piece.IsProgram) ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary,
            nullableContextOptions: NullableContextOptions.Enable);
        CSharpGeneratorDriver.Create(generators, parseOptions: Options).RunGeneratorsAndUpdateCompilation(
            CSharpCompilation.Create("Page", trees, References, kind), out var compilation, out var generated);
        var analyzed = await compilation.WithAnalyzers([.. Instances<DiagnosticAnalyzer>()]).GetAllDiagnosticsAsync();
        return [.. generated.Concat(analyzed)
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error
                || (diagnostic.Severity == DiagnosticSeverity.Warning && diagnostic.Id.StartsWith("PGD", StringComparison.Ordinal)))
            .Select(diagnostic => diagnostic.ToString()).Distinct()];

        IEnumerable<T> Instances<T>() => assembly.GetTypes().Where(type => !type.IsAbstract && type.IsAssignableTo(typeof(T)))
            .Select(type => (T)Activator.CreateInstance(type)!);
    }

    static async Task<SyntaxTree> TreeAsync(string file) =>
        CSharpSyntaxTree.ParseText(await File.ReadAllTextAsync(file), Options, Path.GetRelativePath(RepositoryRoot.Path, file));

    // A line `// input: Guide.Input` of the prelude, or `// input 27: …` for the block at line 27.
    static Func<string, string?> Setting(string prelude, int line) => name =>
        Regex.Match(prelude, $"^// {name} {line}: (.*)$", RegexOptions.Multiline) is { Success: true } own ? own.Groups[1].Value
        : Regex.Match(prelude, $"^// {name}: (.*)$", RegexOptions.Multiline) is { Success: true } any ? any.Groups[1].Value : null;
}
