using Microsoft.CodeAnalysis;

namespace PgDurable.Generators.Parsing;

/// <summary>The accessibility of generated members: public, unless types in their signatures are less accessible than the class.</summary>
internal static class MemberAccessibility
{
    /// <param name="type">The class of the workflow or the activity.</param>
    /// <param name="input">Its input.</param>
    /// <param name="output">Its result, if there is one.</param>
    public static string Of(INamedTypeSymbol type, ITypeSymbol input, ITypeSymbol? output)
    {
        var accessibility = Accessibility.Public;
        Narrow(input, type, ref accessibility);
        if (output is not null)
            Narrow(output, type, ref accessibility);
        return accessibility switch
        {
            Accessibility.Public => "public",
            Accessibility.Internal => "internal",
            _ => "private",
        };
    }

    private static void Narrow(ITypeSymbol type, INamedTypeSymbol owner, ref Accessibility accessibility)
    {
        if (type is IArrayTypeSymbol array)
        {
            Narrow(array.ElementType, owner, ref accessibility);
            return;
        }

        if (type is not INamedTypeSymbol named)
            return;
        foreach (var argument in named.TypeArguments)
            Narrow(argument, owner, ref accessibility);

        // A type around the class limits the class in the same way, so the walk ends there.
        for (var current = named; current is not null && !Contains(current, owner); current = current.ContainingType)
        {
            if (current.DeclaredAccessibility is Accessibility.Internal or Accessibility.ProtectedOrInternal)
                accessibility = accessibility == Accessibility.Public ? Accessibility.Internal : accessibility;
            else if (current.DeclaredAccessibility != Accessibility.Public)
                accessibility = Accessibility.Private;
        }
    }

    private static bool Contains(INamedTypeSymbol type, INamedTypeSymbol owner)
    {
        for (var current = owner; current is not null; current = current.ContainingType)
        {
            if (SymbolEqualityComparer.Default.Equals(current, type))
                return true;
        }

        return false;
    }
}
