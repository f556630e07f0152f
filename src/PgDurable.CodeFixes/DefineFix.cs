using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;
using PgDurable.Generators.Parsing;

namespace PgDurable.CodeFixes;

/// <summary>Adds a <c>Define</c> to start from.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(DefineFix)), Shared]
public sealed class DefineFix : Fix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = Ids("PGD0005");

    private protected override async Task<Change?> FindAsync(
        Document document, SyntaxNode root, SyntaxNode node, Diagnostic diagnostic, CancellationToken ct)
    {
        if (node.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not { } type
            || await document.GetSemanticModelAsync(ct).ConfigureAwait(false) is not { } model
            || model.GetDeclaredSymbol(type, ct) is not INamedTypeSymbol symbol
            || symbol.AllInterfaces.FirstOrDefault(candidate => candidate.IsInSdk(WellKnownNames.Workflow)) is not { } workflow
            || workflow.TypeArguments.Length == 0)
            return null;

        var text = Write(workflow.TypeArguments[0], workflow.TypeArguments.ElementAtOrDefault(1));
        var define = SyntaxFactory.ParseMemberDeclaration(text)!
            .WithAdditionalAnnotations(Formatter.Annotation, Simplifier.Annotation);
        return new($"Add {WellKnownNames.Define}", (solution, _) =>
            Task.FromResult(solution.WithDocumentSyntaxRoot(document.Id, root.ReplaceNode(type, WithBody(type).AddMembers(define)))));
    }

    // `class Ship;` has no braces yet.
    private static TypeDeclarationSyntax WithBody(TypeDeclarationSyntax type) =>
        type.OpenBraceToken.IsKind(SyntaxKind.OpenBraceToken)
            ? type
            : type.WithSemicolonToken(default)
                .WithOpenBraceToken(SyntaxFactory.Token(SyntaxKind.OpenBraceToken))
                .WithCloseBraceToken(SyntaxFactory.Token(SyntaxKind.CloseBraceToken));

    private static string Write(ITypeSymbol input, ITypeSymbol? output)
    {
        const string flow = "global::PgDurable.Flow";
        const string select = "\"SELECT * FROM my_table\"";
        if (output is null)
            return $"public static {flow} Define({flow} flow, {TypeParser.NameOf(input)} input) => flow.Execute(\"SELECT 1\");\n";

        var rows = output is INamedTypeSymbol { Name: "IReadOnlyList" } ? ScalarTypes.ElementOf(output) : null;
        var query = rows is null ? $"QuerySingle<{TypeParser.NameOf(output)}>" : $"Query<{TypeParser.NameOf(rows)}>";
        return $"public static {flow}<{TypeParser.NameOf(output)}> Define({flow} flow, {TypeParser.NameOf(input)} input) => " +
            $"flow.{query}({select});\n";
    }
}
