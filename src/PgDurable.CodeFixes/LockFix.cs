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

/// <summary>Writes the workflow's graph, or the activity's shape, into the lock file.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(LockFix)), Shared]
public sealed class LockFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["PGD3002", "PGD3004", "PGD3005"];

    /// <summary>One at a time: locking a version or an activity is a decision.</summary>
    /// <returns>Null.</returns>
    public override FixAllProvider? GetFixAllProvider() => null;

    /// <inheritdoc/>
    public override Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var file = context.Document.Project.AdditionalDocuments.FirstOrDefault(candidate => string.Equals(
            Path.GetFileName(candidate.FilePath ?? candidate.Name), WorkflowLock.FileName, StringComparison.OrdinalIgnoreCase));
        foreach (var diagnostic in context.Diagnostics)
        {
            if (file is null || EntryOf(diagnostic) is not { } entry)
                continue;
            context.RegisterCodeFix(CodeAction.Create(entry.Title, ct => SetAsync(file, entry.Set, ct), nameof(LockFix)), diagnostic);
        }

        return Task.CompletedTask;
    }

    private static (string Title, Action<WorkflowLock> Set)? EntryOf(Diagnostic diagnostic)
    {
        if (Property(LockAnalyzer.ActivityProperty) is { } activity && Property(LockAnalyzer.ShapeProperty) is { } shape)
        {
            var title = diagnostic.Id == "PGD3005"
                ? $"Replace the entry of '{activity}', which was never deployed"
                : $"Add '{activity}' to {WorkflowLock.FileName}";
            return (title, content => content.SetActivity(activity, shape));
        }

        if (Property(LockAnalyzer.WorkflowProperty) is { } workflow && Property(LockAnalyzer.VersionProperty) is { } version
            && Property(LockAnalyzer.HashProperty) is { } hash)
        {
            var title = diagnostic.Id == "PGD3002"
                ? $"Replace the entry of version {version}, which was never deployed"
                : $"Add version {version} to {WorkflowLock.FileName}";
            return (title, content => content.Set(workflow, int.Parse(version, NumberStyles.None, CultureInfo.InvariantCulture), hash));
        }

        return null;

        string? Property(string name) => diagnostic.Properties.TryGetValue(name, out var value) ? value : null;
    }

    private static async Task<Solution> SetAsync(TextDocument file, Action<WorkflowLock> set, CancellationToken ct)
    {
        var solution = file.Project.Solution;
        var text = await file.GetTextAsync(ct).ConfigureAwait(false);

        // A file that can't be read has to be fixed by hand first.
        if (LockFileReader.Read(text.ToString(), out var content) is not null)
            return solution;
        set(content);
        return solution.WithAdditionalDocumentText(file.Id, SourceText.From(content.ToJson(), text.Encoding));
    }
}
