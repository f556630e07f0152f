using Microsoft.CodeAnalysis;

namespace PgDurable.Generators.Parsing;

internal static class PropertyLookup
{
    /// <summary>A property of a type or of its base types.</summary>
    public static IPropertySymbol? Find(ITypeSymbol type, string name)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (current.GetMembers(name).OfType<IPropertySymbol>().FirstOrDefault(property => !property.IsStatic) is { } property)
                return property;
        }

        return type.TypeKind == TypeKind.Interface
            ? type.AllInterfaces.SelectMany(inherited => inherited.GetMembers(name)).OfType<IPropertySymbol>().FirstOrDefault()
            : null;
    }
}
