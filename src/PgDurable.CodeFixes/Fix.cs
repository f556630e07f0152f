using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace PgDurable.CodeFixes;

/// <summary>A fix that changes one document.</summary>
public abstract class Fix : CodeFixProvider
{
    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var (document, ct) = (context.Document, context.CancellationToken);
        if (await document.GetSyntaxRootAsync(ct).ConfigureAwait(false) is not { } root)
            return;
        foreach (var diagnostic in context.Diagnostics)
        {
            var node = root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);
            if (await FindAsync(document, root, node, diagnostic, ct).ConfigureAwait(false) is not { } change)
                continue;
            context.RegisterCodeFix(
                CodeAction.Create(change.Title, token => change.ApplyAsync(document.Project.Solution, token), GetType().Name), diagnostic);
        }
    }

    /// <summary>Determines what to change.</summary>
    /// <param name="document">The document of the diagnostic.</param>
    /// <param name="root">Its root.</param>
    /// <param name="node">The node at the diagnostic's location.</param>
    /// <param name="diagnostic">The diagnostic.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>The change; null if the mistake has to be fixed by hand.</returns>
    private protected abstract Task<Change?> FindAsync(
        Document document, SyntaxNode root, SyntaxNode node, Diagnostic diagnostic, CancellationToken ct);

    /// <summary>Replaces one node of a document.</summary>
    private protected static Change Replace(string title, Document document, SyntaxNode root, SyntaxNode old, SyntaxNode changed) =>
        new(title, (solution, _) => Task.FromResult(solution.WithDocumentSyntaxRoot(document.Id, root.ReplaceNode(old, changed))));

    /// <summary>The ids in the form that Roslyn expects.</summary>
    private protected static ImmutableArray<string> Ids(params string[] ids) => [.. ids];

    /// <summary>A change.</summary>
    /// <param name="title">What it does, as the menu shows it.</param>
    /// <param name="apply">Makes the changed solution.</param>
    private protected sealed class Change(string title, Func<Solution, CancellationToken, Task<Solution>> apply)
    {
        public string Title => title;

        public Task<Solution> ApplyAsync(Solution solution, CancellationToken ct) => apply(solution, ct);
    }
}
