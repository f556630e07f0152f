using Microsoft.CodeAnalysis;
using PgDurable.Names;

namespace PgDurable.Generators.Parsing;

internal static class ColumnName
{
    /// <summary>A property's name in the database: the one in [Column] on it or on the record's parameter, or else snake_case.</summary>
    public static string Of(IPropertySymbol property)
    {
        var parameter = property.ContainingType.InstanceConstructors
            .SelectMany(constructor => constructor.Parameters)
            .FirstOrDefault(candidate => candidate.Name == property.Name && Declared(candidate) is not null);
        return Declared(property) ?? (parameter is null ? null : Declared(parameter)) ?? SnakeCase.From(property.Name);
    }

    private static string? Declared(ISymbol symbol) =>
        symbol.Attribute(WellKnownNames.ColumnAttribute)?.ConstructorArguments is [{ Value: string name }] && IsPossible(name)
            ? name
            : null;

    // PostgreSQL has no other names.
    private static bool IsPossible(string name) => name.Length > 0 && name.IndexOf('\0') < 0;
}
