using System.Collections.Immutable;
using System.Composition;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;
using PgDurable.Generators.Analyzers;
using PgDurable.Generators.Lock;

namespace PgDurable.CodeFixes;

/// <summary>Writes the workflow's graph into the lock file.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(LockFix)), Shared]
public sealed class LockFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["PGD3002", "PGD3004"];

    /// <summary>One at a time: locking a version is a decision.</summary>
    /// <returns>Null.</returns>
    public override FixAllProvider? GetFixAllProvider() => null;

    /// <inheritdoc/>
    public override Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var file = context.Document.Project.AdditionalDocuments.FirstOrDefault(candidate => string.Equals(
            Path.GetFileName(candidate.FilePath ?? candidate.Name), WorkflowLock.FileName, StringComparison.OrdinalIgnoreCase));
        foreach (var diagnostic in context.Diagnostics)
        {
            if (file is null || !diagnostic.Properties.TryGetValue(LockAnalyzer.WorkflowProperty, out var workflow)
                || !diagnostic.Properties.TryGetValue(LockAnalyzer.VersionProperty, out var version)
                || !diagnostic.Properties.TryGetValue(LockAnalyzer.HashProperty, out var hash))
                continue;
            var title = diagnostic.Id == "PGD3002"
                ? $"Replace the entry of version {version}, which was never deployed"
                : $"Add version {version} to {WorkflowLock.FileName}";
            context.RegisterCodeFix(
                CodeAction.Create(
                    title,
                    ct => SetAsync(file, workflow!, int.Parse(version!, NumberStyles.None, CultureInfo.InvariantCulture), hash!, ct),
                    nameof(LockFix)),
                diagnostic);
        }

        return Task.CompletedTask;
    }

    private static async Task<Solution> SetAsync(TextDocument file, string workflow, int version, string hash, CancellationToken ct)
    {
        var solution = file.Project.Solution;
        var text = await file.GetTextAsync(ct).ConfigureAwait(false);

        // A file that can't be read has to be fixed by hand first.
        if (LockFileReader.Read(text.ToString(), out var content) is not null)
            return solution;
        content.Set(workflow, version, hash);
        return solution.WithAdditionalDocumentText(file.Id, SourceText.From(content.ToJson(), text.Encoding));
    }
}
