using Microsoft.CodeAnalysis;

namespace PgDurable.Generators.Parsing;

/// <summary>The accessibility of generated members: public, unless types in their signatures are less accessible than the class.</summary>
internal static class MemberAccessibility
{
    public static string Of(WorkflowDeclaration workflow)
    {
        var accessibility = Accessibility.Public;
        Narrow(workflow.Input, workflow.Type, ref accessibility);
        if (workflow.Output is { } output)
            Narrow(output, workflow.Type, ref accessibility);
        return accessibility switch
        {
            Accessibility.Public => "public",
            Accessibility.Internal => "internal",
            _ => "private",
        };
    }

    private static void Narrow(ITypeSymbol type, INamedTypeSymbol workflow, ref Accessibility accessibility)
    {
        if (type is IArrayTypeSymbol array)
        {
            Narrow(array.ElementType, workflow, ref accessibility);
            return;
        }

        if (type is not INamedTypeSymbol named)
            return;
        foreach (var argument in named.TypeArguments)
            Narrow(argument, workflow, ref accessibility);

        // A type around the workflow's class limits the class in the same way, so the walk ends there.
        for (var current = named; current is not null && !Contains(current, workflow); current = current.ContainingType)
        {
            if (current.DeclaredAccessibility is Accessibility.Internal or Accessibility.ProtectedOrInternal)
                accessibility = accessibility == Accessibility.Public ? Accessibility.Internal : accessibility;
            else if (current.DeclaredAccessibility != Accessibility.Public)
                accessibility = Accessibility.Private;
        }
    }

    private static bool Contains(INamedTypeSymbol type, INamedTypeSymbol workflow)
    {
        for (var current = workflow; current is not null; current = current.ContainingType)
        {
            if (SymbolEqualityComparer.Default.Equals(current, type))
                return true;
        }

        return false;
    }
}
