using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PgDurable.Generators.Parsing;

/// <summary>Where the generated part of a class stands.</summary>
internal static class ClassPlace
{
    /// <summary>The class's namespace, or empty for the global one.</summary>
    public static string NamespaceOf(INamedTypeSymbol type) =>
        type.ContainingNamespace.IsGlobalNamespace ? "" : type.ContainingNamespace.ToDisplayString();

    /// <summary>The name of the generated file, without its ending.</summary>
    public static string HintNameOf(INamedTypeSymbol type) =>
        type.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat).Replace("@", "");

    /// <summary>The partial declarations from the outermost type to the class.</summary>
    public static string[] HeadersOf(INamedTypeSymbol type, CancellationToken ct)
    {
        var headers = new List<string>();
        for (var current = type; current is not null; current = current.ContainingType)
        {
            var declaration = (TypeDeclarationSyntax)current.DeclaringSyntaxReferences[0].GetSyntax(ct);
            var kind = declaration.Keyword.ValueText;
            if (declaration is RecordDeclarationSyntax { ClassOrStructKeyword.RawKind: (int)SyntaxKind.StructKeyword })
                kind = "record struct";
            headers.Insert(0, $"partial {kind} {declaration.Identifier.Text}");
        }

        return [.. headers];
    }
}
