using System.Reflection;
using PgDurable.Names;

namespace PgDurable.Cli.Workflows;

/// <summary>Derives the JSON of a definition's input and result from their types, as the generator does.</summary>
internal static class ClrTypes
{
    /// <summary>
    /// Returns a sample value of each input field, as the worker would write it into SQL. Texts are left out, because they adapt to the
    /// expected type.
    /// </summary>
    public static IReadOnlyDictionary<string, string> InputOf(Type input) => Properties(input)
        .Select(property => (Name: NameOf(property), Sql: SqlOf(property.PropertyType)))
        .Where(field => field.Sql is not null)
        .DistinctBy(field => field.Name)
        .ToDictionary(field => field.Name, field => field.Sql!);

    /// <summary>Returns the properties that a result is read into.</summary>
    public static IReadOnlyList<ResultProperty> ResultOf(Type result)
    {
        if (result.IsGenericType && result.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
            result = result.GetGenericArguments()[0];
        result = Nullable.GetUnderlyingType(result) ?? result;
        if (FamilyOf(result) is var family && family != TypeFamily.Other)
            return [new(Column: null, result.Name, family)];
        return result.Namespace?.StartsWith("System", StringComparison.Ordinal) == true || result.IsArray
            ? []
            : [.. Properties(result).Where(property => IsRead(result, property)).Select(
                property => new ResultProperty(NameOf(property), $"{result.Name}.{property.Name}", FamilyOf(property.PropertyType)))];
    }

    /// <summary>Returns the family of a SQL type.</summary>
    public static TypeFamily FamilyOf(string sqlType) => sqlType switch
    {
        "smallint" or "integer" or "bigint" or "numeric" or "real" or "double precision" => TypeFamily.Number,
        "boolean" => TypeFamily.Boolean,
        "text" or "character varying" or "character" or "name" or "uuid" or "date" or "bytea" or "interval" => TypeFamily.Text,
        _ when sqlType.StartsWith("time", StringComparison.Ordinal) => TypeFamily.Text,
        _ => TypeFamily.Other,
    };

    private static TypeFamily FamilyOf(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum)
            return TypeFamily.Text;
        return Type.GetTypeCode(type) switch
        {
            TypeCode.Boolean => TypeFamily.Boolean,
            >= TypeCode.SByte and <= TypeCode.Decimal => TypeFamily.Number,
            TypeCode.String or TypeCode.Char or TypeCode.DateTime => TypeFamily.Text,
            _ => type.FullName is "System.Guid" or "System.DateTimeOffset" or "System.DateOnly" or "System.TimeOnly" or "System.TimeSpan"
                ? TypeFamily.Text
                : TypeFamily.Other,
        };
    }

    private static string? SqlOf(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return FamilyOf(type) switch
        {
            TypeFamily.Boolean => "(true)",
            TypeFamily.Number => Type.GetTypeCode(type) is TypeCode.Decimal or TypeCode.Double or TypeCode.Single ? "(1.5)" : "(1)",
            TypeFamily.Other => type == typeof(byte[]) ? null : "(NULL::pg_catalog.jsonb)",
            TypeFamily.Text => null,
        };
    }

    private static IEnumerable<PropertyInfo> Properties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanRead && property.GetIndexParameters().Length == 0);

    private static bool IsRead(Type type, PropertyInfo property) => property.CanWrite || type.GetConstructors().Any(
        constructor => constructor.GetParameters().Any(
            parameter => string.Equals(parameter.Name, property.Name, StringComparison.OrdinalIgnoreCase)));

    // The attribute is found by its name, because the application loads its own copy of PgDurable.Sdk.
    private static string NameOf(PropertyInfo property) => NameOf(property.CustomAttributes)
        ?? property.DeclaringType!.GetConstructors().SelectMany(constructor => constructor.GetParameters())
            .Where(parameter => parameter.Name == property.Name)
            .Select(parameter => NameOf(parameter.CustomAttributes)).FirstOrDefault(name => name is not null)
        ?? SnakeCase.From(property.Name);

    private static string? NameOf(IEnumerable<CustomAttributeData> attributes) => attributes
        .FirstOrDefault(attribute => attribute.AttributeType.FullName == typeof(ColumnAttribute).FullName)
        ?.ConstructorArguments[0].Value as string;
}
