using Microsoft.CodeAnalysis;
using PgDurable.Generators.Diagnostics;
using PgDurable.Generators.Parsing;
using PgDurable.Names;

namespace PgDurable.Generators.Lowering;

/// <summary>The properties of a workflow's input that are tags of the instance.</summary>
internal static class InputTags
{
    /// <summary>The tags with their keys, without those that are reported as wrong.</summary>
    public static IReadOnlyList<(string Key, IPropertySymbol Property)> Of(ITypeSymbol input, FlowModel flow, Location otherwise)
    {
        var tags = new List<(string Key, IPropertySymbol Property)>();
        if (input is not INamedTypeSymbol record)
            return tags;
        foreach (var property in RecordShape.PropertiesOf(record, flow.Workflow, flow.Compilation))
        {
            if (AttributeOf(property) is not { } attribute)
                continue;
            var key = attribute.ConstructorArguments is [{ Value: string given }] ? given : SnakeCase.From(property.Name);
            var problem = TagKey.Problem(key) is { } wrong ? $"the key can't be '{key}': {wrong}"
                : SqlType.IsComposite(property.Type) || SqlType.Of(property.Type) is null
                    ? $"its value is text, which '{property.Type.ToDisplayString()}' has no form of; tag a property that is a scalar"
                : !SnakeCase.IsReferable(ColumnName.Of(property))
                    ? $"steps can't refer to a property that is called '{ColumnName.Of(property)}' in the database"
                : tags.Any(tag => tag.Key == key) ? $"another property has the key '{key}' too"
                : null;
            if (problem is null)
                tags.Add((key, property));
            else
                flow.Reporter.Report(Descriptors.InvalidTag, PlaceOf(attribute, property) ?? otherwise, property.Name, problem);
        }

        return tags;
    }

    private static AttributeData? AttributeOf(IPropertySymbol property) =>
        property.Attribute(WellKnownNames.TagAttribute)
        ?? property.ContainingType.InstanceConstructors
            .SelectMany(constructor => constructor.Parameters)
            .Where(parameter => parameter.Name == property.Name)
            .Select(parameter => parameter.Attribute(WellKnownNames.TagAttribute))
            .FirstOrDefault(attribute => attribute is not null);

    private static Location? PlaceOf(AttributeData attribute, IPropertySymbol property) =>
        attribute.ApplicationSyntaxReference?.GetSyntax().GetLocation()
        ?? property.Locations.FirstOrDefault(location => location.IsInSource);
}
