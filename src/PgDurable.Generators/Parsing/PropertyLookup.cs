using Microsoft.CodeAnalysis;

namespace PgDurable.Generators.Parsing;

internal static class PropertyLookup
{
    /// <summary>The property of a type, or of one that it derives from.</summary>
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
