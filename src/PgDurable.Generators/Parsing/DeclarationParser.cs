using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Diagnostics;
using PgDurable.Names;

namespace PgDurable.Generators.Parsing;

/// <summary>Reads a workflow's class: its name, its types, and its <c>Define</c>.</summary>
internal static class DeclarationParser
{
    /// <summary>Returns null after reporting what is wrong.</summary>
    public static WorkflowDeclaration? Parse(INamedTypeSymbol type, AttributeData attribute, Reporter reporter, CancellationToken ct)
    {
        var location = type.Locations[0];
        ClassCheck.Types(type, "a workflow", reporter, ct);
        ClassCheck.Members(type, reporter);
        var (name, version) = ReadAttribute(attribute, location, reporter, ct);

        // While somebody is typing, the interface may have no type arguments yet.
        var interfaces = type.AllInterfaces
            .Where(candidate => candidate.IsInSdk(WellKnownNames.Workflow) && candidate.TypeArguments.Length > 0).ToArray();
        if (interfaces.Length != 1)
        {
            reporter.Report(Descriptors.NoInterface, location, type.Name, "either IWorkflow<TIn> or IWorkflow<TIn, TOut>");
            return null;
        }

        var input = interfaces[0].TypeArguments[0];
        var output = interfaces[0].TypeArguments.Length > 1 ? interfaces[0].TypeArguments[1] : null;
        var define = type.GetMembers().OfType<IMethodSymbol>().FirstOrDefault(IsDefine);
        if (define?.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(ct) is not MethodDeclarationSyntax syntax)
        {
            var returned = output is null ? "Flow" : $"Flow<{output.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}>";
            reporter.Report(
                Descriptors.NoDefine, location, type.Name, returned, input.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat));
            return null;
        }

        return reporter.HasErrors ? null : new(type, name, version, input, output, define, syntax);
    }

    /// <summary>Reports a class that implements the interface but has no attribute, unless it has its own Definition.</summary>
    public static void CheckAttribute(INamedTypeSymbol type, Reporter reporter)
    {
        if (type is not { TypeKind: TypeKind.Class, IsAbstract: false }
            || type.Interfaces.FirstOrDefault(candidate => candidate.IsInSdk(WellKnownNames.Workflow)) is not { } implemented
            || type.GetMembers().Any(member => member.Name.EndsWith(WellKnownNames.Definition, StringComparison.Ordinal)))
            return;
        reporter.Report(
            Descriptors.NoAttribute, type.Locations[0], type.Name,
            implemented.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat), SnakeCase.From(type.Name).Replace('_', '-'));
    }

    /// <summary>Whether a method is <c>Define</c>. It is implemented explicitly if its types are less accessible than the class.</summary>
    public static bool IsDefine(IMethodSymbol method) =>
        (method.Name == WellKnownNames.Define || method.ExplicitInterfaceImplementations is [{ Name: WellKnownNames.Define }])
        && method is { IsStatic: true, Parameters.Length: 2 }
        && method.Parameters[0].Type.IsInSdk(WellKnownNames.Flow);

    /// <summary>The attribute that makes a class a workflow, if the class has it.</summary>
    public static AttributeData? FindAttribute(INamedTypeSymbol type) => type.Attribute(WellKnownNames.WorkflowAttribute);

    /// <summary>The version that the attribute of a workflow gives.</summary>
    public static int VersionOf(AttributeData attribute) => attribute.Setting(WellKnownNames.Version) as int? ?? 1;

    private static (string Name, int Version) ReadAttribute(
        AttributeData attribute, Location fallback, Reporter reporter, CancellationToken ct)
    {
        var name = ClassCheck.Name(attribute, "a workflow", int.MaxValue, fallback, reporter, ct);
        var version = VersionOf(attribute);
        if (version < 1)
        {
            var syntax = attribute.ApplicationSyntaxReference?.GetSyntax(ct) as AttributeSyntax;
            var written = syntax?.ArgumentList?.Arguments
                .FirstOrDefault(argument => argument.NameEquals?.Name.Identifier.ValueText == WellKnownNames.Version);
            reporter.Report(Descriptors.InvalidVersion, written?.GetLocation() ?? fallback, version);
        }

        return (name, version);
    }
}
