using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using PgDurable.CodeFixes;

namespace PgDurable.Generators.Tests.CodeFixes;

/// <summary>Applies fixes to a source in a workspace, as an editor does.</summary>
internal static class FixRun
{
    private const string LockFile = "workflows.lock.json";

    /// <summary>One of each fix.</summary>
    public static readonly IReadOnlyList<CodeFixProvider> Fixes =
        [.. typeof(Fix).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(CodeFixProvider)) && !type.IsAbstract)
            .Select(type => (CodeFixProvider)Activator.CreateInstance(type)!)];

    /// <summary>The source and the lock file after the fix with this title. Without a title, the titles of all fixes.</summary>
    public static async Task<(string Source, string? Lock, IReadOnlyList<string> Titles)> ApplyAsync(
        string source, string id, string? title = null, string? lockFile = null, string? statements = null)
    {
        using var workspace = new AdhocWorkspace();
        var document = DocumentOf(workspace, source, lockFile, statements);

        var actions = await ActionsAsync(document, id);
        if (title is null)
            return (source, lockFile, [.. actions.Select(action => action.Title)]);

        var chosen = Assert.Single(actions, action => action.Title == title);
        var operation = Assert.IsType<ApplyChangesOperation>(Assert.Single(await chosen.GetOperationsAsync(default)));
        var changed = operation.ChangedSolution.GetProject(document.Project.Id)!;
        var text = await changed.GetDocument(document.Id)!.GetTextAsync();
        var locked = changed.AdditionalDocuments.FirstOrDefault() is { } file ? (await file.GetTextAsync()).ToString() : null;
        return (text.ToString(), locked, []);
    }

    /// <summary>Makes the changes of every fix that is offered for these diagnostics of the source, each on its own.</summary>
    public static async Task ApplyAllAsync(string source, IReadOnlyList<Diagnostic> reported)
    {
        var fixable = reported.Where(diagnostic =>
            Fixes.Any(fix => fix.FixableDiagnosticIds.Contains(diagnostic.Id))
            && diagnostic.Location.SourceTree?.FilePath == "Source0.cs").ToArray();
        if (fixable.Length == 0)
            return;
        using var workspace = new AdhocWorkspace();
        var document = DocumentOf(workspace, source, lockFile: null);
        foreach (var diagnostic in fixable)
        {
            var actions = new List<CodeAction>();
            foreach (var provider in Fixes.Where(provider => provider.FixableDiagnosticIds.Contains(diagnostic.Id)))
                await provider.RegisterCodeFixesAsync(new(document, diagnostic, (action, _) => actions.Add(action), default));
            foreach (var action in actions)
                Assert.NotEmpty(await action.GetOperationsAsync(default));
        }
    }

    private static Document DocumentOf(AdhocWorkspace workspace, string source, string? lockFile, string? statements = null)
    {
        var project = workspace.AddProject(ProjectInfo.Create(
            ProjectId.CreateNewId(), VersionStamp.Default, "Tests", "Tests", LanguageNames.CSharp,
            compilationOptions: GeneratorRun.CompilationOptions, parseOptions: GeneratorRun.ParseOptions,
            metadataReferences: GeneratorRun.References));
        project = project.AddDocument("Usings.cs", SourceText.From(GeneratorRun.Usings), filePath: "Usings.cs").Project;
        if (lockFile is not null)
            project = project.AddAdditionalDocument(LockFile, SourceText.From(lockFile), filePath: "/project/" + LockFile).Project;
        if (statements is not null)
        {
            project = project.AddAdditionalDocument(
                "statements.json", SourceText.From(statements), filePath: "/project/.pgdurable/statements.json").Project;
        }

        return project.AddDocument("Source.cs", SourceText.From(source), filePath: "Source.cs");
    }

    private static async Task<IReadOnlyList<CodeAction>> ActionsAsync(Document document, string id)
    {
        var compilation = (await document.Project.GetCompilationAsync())!;
        var reported = id.StartsWith("CS", StringComparison.Ordinal)
            ? compilation.GetDiagnostics()
            : await compilation.WithAnalyzers(GeneratorRun.AllAnalyzers(), document.Project.AnalyzerOptions).GetAnalyzerDiagnosticsAsync();
        var actions = new List<CodeAction>();
        foreach (var diagnostic in reported.Where(diagnostic => diagnostic.Id == id))
        {
            foreach (var provider in Fixes.Where(provider => provider.FixableDiagnosticIds.Contains(id)))
                await provider.RegisterCodeFixesAsync(new(document, diagnostic, (action, _) => actions.Add(action), default));
        }

        return actions;
    }

}
