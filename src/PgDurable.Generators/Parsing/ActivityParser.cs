using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Diagnostics;
using PgDurable.Generators.Spec;
using PgDurable.Graph;

namespace PgDurable.Generators.Parsing;

/// <summary>Reads an activity's class: its name, its interface, and the types of its input and result.</summary>
internal static class ActivityParser
{
    private const string Interfaces =
        "one of IActivity<TIn>, IActivity<TIn, TOut>, ITransactionalActivity<TIn> and ITransactionalActivity<TIn, TOut>";

    /// <summary>The attribute that makes a class an activity, if the class has it.</summary>
    public static AttributeData? FindAttribute(INamedTypeSymbol type) => type.Attribute(WellKnownNames.ActivityAttribute);

    /// <summary>The interfaces of activities that a class implements.</summary>
    // While somebody is typing, an interface may have no type arguments yet.
    public static INamedTypeSymbol[] InterfacesOf(INamedTypeSymbol type) =>
        [.. type.AllInterfaces.Where(candidate => candidate.TypeArguments.Length > 0
            && (candidate.IsInSdk(WellKnownNames.Activity) || candidate.IsInSdk(WellKnownNames.TransactionalActivity)))];

    /// <summary>Returns null after reporting what is wrong.</summary>
    public static ActivitySpec? Parse(
        INamedTypeSymbol type, AttributeData attribute, Compilation compilation, Reporter reporter, CancellationToken ct)
    {
        if (Declaration(type, attribute, compilation, reporter, ct) is not { } activity)
            return null;

        var method = activity.Interface.GetMembers(WellKnownNames.RunAsync).FirstOrDefault();
        var syntax = method is null
            ? null
            : type.FindImplementationForInterfaceMember(method)?.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(ct)
                as MethodDeclarationSyntax;
        var types = new TypeParser(type, compilation, TypeUse.ReadAndWrite, type.Locations[0], reporter);
        var inputPlace = syntax?.ParameterList.Parameters.FirstOrDefault()?.Type?.GetLocation() ?? type.Locations[0];
        if (types.Parse(activity.Input, $"The input of activity '{activity.Name}'", inputPlace) is not { } input)
            return null;
        ValueSpec? result = null;
        if (activity.Output is { } output)
        {
            var resultPlace = syntax?.ReturnType.GetLocation() ?? type.Locations[0];
            result = types.Parse(output, $"The result of activity '{activity.Name}'", resultPlace);
            if (result is null)
                return null;
        }

        return new(
            ClassPlace.HintNameOf(type),
            ClassPlace.NamespaceOf(type),
            new(ClassPlace.HeadersOf(type, ct)),
            TypeParser.NameOf(type),
            MemberAccessibility.Of(type, activity.Input, activity.Output),
            activity.Name,
            activity.IsTransactional,
            TypeParser.NameOf(activity.Input),
            input,
            activity.Output is null ? null : TypeParser.NameOf(activity.Output),
            result,
            types.Records);
    }

    private static ActivityDeclaration? Declaration(
        INamedTypeSymbol type, AttributeData attribute, Compilation compilation, Reporter reporter, CancellationToken ct)
    {
        var location = type.Locations[0];
        ClassCheck.Types(type, "an activity", reporter, ct);
        ClassCheck.Members(type, reporter);
        var name = ClassCheck.Name(attribute, "an activity", Limits.MaxActivityName, location, reporter, ct);
        if (InterfacesOf(type) is not [var implemented])
        {
            reporter.Report(Descriptors.NoInterface, location, type.Name, Interfaces);
            return null;
        }

        var activity = new ActivityDeclaration(type, name, implemented);
        if (Obstacle(activity, compilation) is { } obstacle)
            reporter.Report(Descriptors.UnusableActivity, location, type.Name, obstacle);
        return reporter.HasErrors ? null : activity;
    }

    /// <summary>Why the application can't create the class, or why no workflow can name it; null if both can.</summary>
    private static string? Obstacle(ActivityDeclaration activity, Compilation compilation) => activity.Type switch
    {
        var type when DeclarationParser.FindAttribute(type) is not null => "it is a workflow too; make them two classes",
        { IsAbstract: true } => "it is abstract, so the application can't create it; make it an ordinary class",
        var type when !type.InstanceConstructors.Any(constructor => constructor.DeclaredAccessibility == Accessibility.Public) =>
            "it has no public constructor, so the application can't create it; add one",
        var type when !compilation.IsSymbolAccessibleWithin(type, compilation.Assembly) =>
            "no other class can access it; make it, and the types around it, internal or public",
        var type when MemberAccessibility.Of(type, activity.Input, activity.Output) == "private" =>
            "workflows can't access the type of its input or result; make that type internal or public",
        _ => null,
    };
}
