using Microsoft.CodeAnalysis;

namespace PgDurable.Generators.Parsing;

/// <summary>The properties and the constructor by which a record is written and read.</summary>
internal static class RecordShape
{
    /// <summary>The properties, with those of base types first.</summary>
    public static IReadOnlyList<IPropertySymbol> PropertiesOf(INamedTypeSymbol type, INamedTypeSymbol workflow, Compilation compilation)
    {
        var properties = new List<IPropertySymbol>();
        for (var current = type; current is not null && current.SpecialType != SpecialType.System_Object; current = current.BaseType)
        {
            var declared = current.GetMembers().OfType<IPropertySymbol>().Where(property =>
                // While somebody is typing, a record's parameter may have no name yet.
                property is { Name.Length: > 0, IsStatic: false, IsIndexer: false, ExplicitInterfaceImplementations.Length: 0 }
                && property.DeclaredAccessibility is Accessibility.Public or Accessibility.Internal
                && compilation.IsSymbolAccessibleWithin(property, workflow)
                && properties.All(other => other.Name != property.Name));
            properties.InsertRange(0, declared.ToArray());
        }

        return properties;
    }

    /// <summary>The constructor with the most parameters, all of which match properties.</summary>
    public static IMethodSymbol? ConstructorOf(
        INamedTypeSymbol type, IReadOnlyList<IPropertySymbol> properties, INamedTypeSymbol workflow, Compilation compilation) =>
        type.IsAbstract
            ? null
            : type.InstanceConstructors
                .Where(constructor => compilation.IsSymbolAccessibleWithin(constructor, workflow)
                    && constructor.Parameters.All(parameter => PropertyFor(parameter, properties) is not null))
                .OrderByDescending(constructor => constructor.Parameters.Length)
                .FirstOrDefault();

    /// <summary>The property that a constructor's parameter sets.</summary>
    public static IPropertySymbol? PropertyFor(IParameterSymbol parameter, IReadOnlyList<IPropertySymbol> properties) =>
        properties.FirstOrDefault(property =>
            string.Equals(property.Name, parameter.Name, StringComparison.OrdinalIgnoreCase)
            && SymbolEqualityComparer.Default.Equals(property.Type, parameter.Type));
}
