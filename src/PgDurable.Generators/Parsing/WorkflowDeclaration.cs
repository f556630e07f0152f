using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PgDurable.Generators.Parsing;

/// <summary>What the class of a workflow declares, apart from the steps.</summary>
/// <param name="Type">The class.</param>
/// <param name="Name">The workflow's name.</param>
/// <param name="Version">The workflow's version.</param>
/// <param name="Input">The type of the input.</param>
/// <param name="Output">The type of the result, if there is one.</param>
/// <param name="Define">The method that describes the steps.</param>
/// <param name="Syntax">Its declaration.</param>
internal sealed record WorkflowDeclaration(
    INamedTypeSymbol Type,
    string Name,
    int Version,
    ITypeSymbol Input,
    ITypeSymbol? Output,
    IMethodSymbol Define,
    MethodDeclarationSyntax Syntax);
