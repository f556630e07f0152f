using Microsoft.CodeAnalysis;

namespace PgDurable.Generators.Parsing;

/// <summary>Finds and reads attributes of the Sdk.</summary>
internal static class Attributes
{
    /// <summary>The attribute on a symbol whose class has this full name; null if there is none.</summary>
    public static AttributeData? Attribute(this ISymbol symbol, string name)
    {
        foreach (var attribute in symbol.GetAttributes())
        {
            if (attribute.AttributeClass is { } type && type.IsInSdk(type.Name)
                && name.Length == WellKnownNames.Namespace.Length + 1 + type.Name.Length
                && name.EndsWith(type.Name, StringComparison.Ordinal))
                return attribute;
        }

        return null;
    }

    /// <summary>What an attribute sets a property to; null if it doesn't.</summary>
    public static object? Setting(this AttributeData attribute, string property)
    {
        foreach (var argument in attribute.NamedArguments)
        {
            if (argument.Key == property)
                return argument.Value.Value;
        }

        return null;
    }
}
