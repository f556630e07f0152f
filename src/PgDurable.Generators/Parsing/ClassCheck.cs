using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Diagnostics;

namespace PgDurable.Generators.Parsing;

/// <summary>Checks what the classes of workflows and of activities have in common.</summary>
internal static class ClassCheck
{
    /// <summary>Reports a class into which nothing can be generated.</summary>
    /// <param name="type">The class.</param>
    /// <param name="kind">What it wants to be: <c>a workflow</c> or <c>an activity</c>.</param>
    /// <param name="reporter">Takes what is wrong.</param>
    /// <param name="ct">Cancels the call.</param>
    public static void Types(INamedTypeSymbol type, string kind, Reporter reporter, CancellationToken ct)
    {
        var location = type.Locations[0];
        for (var current = type; current is not null; current = current.ContainingType)
        {
            if (current.IsGenericType && current.TypeParameters.Length > 0)
                reporter.Report(Descriptors.UnsupportedClass, location, type.Name, kind, "generic");
            if (current.IsFileLocal)
                reporter.Report(Descriptors.UnsupportedClass, location, type.Name, kind, "file-local");
            if (IsPartial(current, ct))
                continue;
            if (SymbolEqualityComparer.Default.Equals(current, type))
                reporter.Report(Descriptors.NotPartial, location, type.Name);
            else
                reporter.Report(Descriptors.ContainerNotPartial, current.Locations[0], current.Name, type.Name);
        }
    }

    /// <summary>Reports a member that is also generated.</summary>
    public static void Members(INamedTypeSymbol type, Reporter reporter)
    {
        foreach (var member in type.GetMembers().Where(IsGenerated))
        {
            if (member.Locations.FirstOrDefault(IsWritten) is { } written)
                reporter.Report(Descriptors.OwnMember, written, type.Name, member.Name);
        }
    }

    private static bool IsGenerated(ISymbol member) =>
        member.Name == WellKnownNames.Definition
        || member is IMethodSymbol { Name: "StartAsync", Parameters: [{ Type.Name: "DurableClient" }, _, _, _] };

    private static bool IsWritten(Location location) =>
        location.SourceTree?.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) == false;

    /// <summary>Returns the name in the attribute, after reporting it if it isn't valid.</summary>
    public static string Name(
        AttributeData attribute, string kind, int maxLength, Location fallback, Reporter reporter, CancellationToken ct)
    {
        var name = attribute.ConstructorArguments is [{ Value: string text }] ? text : "";
        if (name.Length > maxLength || !IsValidName(name))
        {
            var syntax = attribute.ApplicationSyntaxReference?.GetSyntax(ct) as AttributeSyntax;
            reporter.Report(
                Descriptors.InvalidName, syntax?.ArgumentList?.Arguments.FirstOrDefault()?.GetLocation() ?? fallback, name, kind,
                maxLength == int.MaxValue ? "" : $", at most {maxLength} of them");
        }

        return name;
    }

    private static bool IsPartial(INamedTypeSymbol type, CancellationToken ct) =>
        type.DeclaringSyntaxReferences.All(reference =>
            reference.GetSyntax(ct) is TypeDeclarationSyntax declaration && declaration.Modifiers.Any(SyntaxKind.PartialKeyword));

    private static bool IsValidName(string name) =>
        name.Length > 0 && name[0] is >= 'a' and <= 'z' && name.All(c => c is >= 'a' and <= 'z' or >= '0' and <= '9' or '-');
}
