using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PgDurable.Architecture.Tests;

/// <summary>One use of a type of another folder: who, whom, and the line to look at.</summary>
internal sealed record FolderUse(string From, string To, string Where);

/// <summary>
/// Finds which top-level folders of a project use which, from the sources: every name is bound to its symbol, and the symbol's file says
/// the folder. Unlike metadata, sources also show constants, <c>nameof</c> and folders that share a namespace.
/// </summary>
internal static class FolderDependencies
{
    /// <summary>Stands for the files at the project's root.</summary>
    public const string RootFolder = ".";

    public static IReadOnlyList<FolderUse> Of(string assembly, IEnumerable<(string Path, string Text)> files)
    {
        var options = new CSharpParseOptions(LanguageVersion.Preview);
        var trees = files.Select(file => CSharpSyntaxTree.ParseText(file.Text, options, file.Path)).ToList();
        var compilation = CSharpCompilation.Create(
            assembly, [ImplicitUsings(options), .. trees], References(assembly), new(OutputKind.DynamicallyLinkedLibrary));
        return [.. trees.SelectMany(tree => Uses(tree, compilation.GetSemanticModel(tree)))];
    }

    private static IEnumerable<FolderUse> Uses(SyntaxTree tree, SemanticModel model)
    {
        var from = Folder(tree.FilePath);
        foreach (var name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
        {
            var symbol = model.GetSymbolInfo(name).Symbol;
            if (symbol is null or INamespaceSymbol or ILocalSymbol or IParameterSymbol or ITypeParameterSymbol)
                continue;
            // A partial type may have parts in several folders: the part that declares the member decides.
            var places = symbol.DeclaringSyntaxReferences.Select(place => Folder(place.SyntaxTree.FilePath)).Distinct().ToList();
            if (places.Count == 0 || places.Contains(from))
                continue;
            var line = name.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
            foreach (var to in places)
                yield return new(from, to, $"{tree.FilePath}:{line} uses {symbol.ToDisplayString()}");
        }
    }

    private static string Folder(string path) => path.IndexOf('/', StringComparison.Ordinal) is > 0 and var end ? path[..end] : RootFolder;

    // What the .NET SDK adds to each compilation.
    private static SyntaxTree ImplicitUsings(CSharpParseOptions options) => CSharpSyntaxTree.ParseText(
        """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """, options);

    // The assembly's own types come from its sources. It bears its name so that it sees the internals that are meant for it.
    private static IEnumerable<MetadataReference> References(string assembly) =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(file => Path.GetFileNameWithoutExtension(file) != assembly)
            .Select(file => MetadataReference.CreateFromFile(file));
}
