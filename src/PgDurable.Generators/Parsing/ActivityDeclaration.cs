using Microsoft.CodeAnalysis;

namespace PgDurable.Generators.Parsing;

/// <summary>What the class of an activity declares.</summary>
/// <param name="Type">The class.</param>
/// <param name="Name">The activity's name.</param>
/// <param name="Interface">The interface that it implements.</param>
internal sealed record ActivityDeclaration(INamedTypeSymbol Type, string Name, INamedTypeSymbol Interface)
{
    /// <summary>The type of the input.</summary>
    public ITypeSymbol Input => Interface.TypeArguments[0];

    /// <summary>The type of the result, if there is one.</summary>
    public ITypeSymbol? Output => Interface.TypeArguments.Length > 1 ? Interface.TypeArguments[1] : null;

    /// <summary>Whether its writes and its completion are one transaction.</summary>
    public bool IsTransactional => Interface.Name == WellKnownNames.TransactionalActivity;
}
