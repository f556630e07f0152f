using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Analyzers;
using PgDurable.Generators.Parsing;

namespace PgDurable.CodeFixes;

/// <summary>Raises the version of a changed workflow.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(VersionFix)), Shared]
public sealed class VersionFix : Fix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = Ids("PGD3002");

    private protected override Task<Change?> FindAsync(
        Document document, SyntaxNode root, SyntaxNode node, Diagnostic diagnostic, CancellationToken ct)
    {
        if (node.FirstAncestorOrSelf<AttributeSyntax>() is not { ArgumentList: { } arguments }
            || !diagnostic.Properties.TryGetValue(LockAnalyzer.NextVersionProperty, out var next))
            return Task.FromResult<Change?>(null);

        var number = SyntaxFactory.ParseExpression(next!);
        var version = arguments.Arguments
            .FirstOrDefault(argument => argument.NameEquals?.Name.Identifier.ValueText == WellKnownNames.Version);
        var changed = version is not null
            ? arguments.ReplaceNode(version.Expression, number.WithTriviaFrom(version.Expression))
            : arguments.AddArguments(SyntaxFactory.AttributeArgument(number)
                .WithNameEquals(SyntaxFactory.NameEquals(WellKnownNames.Version))
                .NormalizeWhitespace());
        return Task.FromResult<Change?>(Replace($"Raise Version to {next}", document, root, arguments, changed));
    }
}
