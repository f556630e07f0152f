using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PgDurable.CodeFixes;

/// <summary>Removes the format of an interpolation.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(FormatFix)), Shared]
public sealed class FormatFix : Fix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = Ids("PGD0016");

    private protected override Task<Change?> FindAsync(
        Document document, SyntaxNode root, SyntaxNode node, Diagnostic diagnostic, CancellationToken ct) =>
        Task.FromResult(node.FirstAncestorOrSelf<InterpolationSyntax>() is { } interpolation
            ? Replace("Remove the format", document, root, interpolation, interpolation.WithAlignmentClause(null).WithFormatClause(null))
            : null);
}
