using Microsoft.CodeAnalysis;
using PgDurable.Generators.Parsing;

namespace PgDurable.Generators.Sql;

/// <summary>A column that a C# type is read from.</summary>
/// <param name="Name">The column's name; empty for a row that is one plain value.</param>
/// <param name="Member">The name to show in messages: <c>Order.Total</c>, or the type of a plain value.</param>
/// <param name="Type">Its C# type, for messages.</param>
/// <param name="Reader">
/// The method of <c>ResultValue</c> that reads it, <see cref="EnumReader"/>, <see cref="ArrayReader"/> or <see cref="RecordReader"/>; empty
/// if the type can't be read.
/// </param>
/// <param name="AllowsNull">Whether it can hold NULL, or doesn't say.</param>
internal sealed record ExpectedColumn(string Name, string Member, string Type, string Reader, bool AllowsNull)
{
    public const string EnumReader = "Enum";
    public const string ArrayReader = "Array";
    public const string RecordReader = "Record";

    /// <summary>The columns that a row is read from: those of a record, or the only one of a plain value.</summary>
    public static IReadOnlyList<ExpectedColumn> OfRow(ITypeSymbol row, INamedTypeSymbol within, Compilation compilation) =>
        row is INamedTypeSymbol type && TypeParser.IsRecord(type) ? Of(type, within, compilation) : [OfValue(row)];

    /// <summary>The type itself, without <c>Nullable</c>.</summary>
    public static ITypeSymbol Bare(ITypeSymbol type) =>
        type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable
            ? nullable.TypeArguments[0]
            : type;

    /// <summary>The columns that a row of the type is read from.</summary>
    /// <param name="row">The type of a row.</param>
    /// <param name="within">The type whose generated code reads it.</param>
    /// <param name="compilation">The compilation of both.</param>
    /// <returns>The columns in the order of the properties; empty if the type can't be read.</returns>
    public static IReadOnlyList<ExpectedColumn> Of(INamedTypeSymbol row, INamedTypeSymbol within, Compilation compilation)
    {
        var properties = RecordShape.PropertiesOf(row, within, compilation);
        if (RecordShape.ConstructorOf(row, properties, within, compilation) is not { } constructor)
            return [];
        return properties
            .Where(property => (property.SetMethod is { } setter && compilation.IsSymbolAccessibleWithin(setter, within))
                || constructor.Parameters.Any(parameter => RecordShape.PropertyFor(parameter, properties)?.Name == property.Name))
            .Select(property => Of(ColumnName.Of(property), $"{row.Name}.{property.Name}", property.Type))
            .ToArray();
    }

    /// <summary>The column that a plain value is read from.</summary>
    public static ExpectedColumn OfValue(ITypeSymbol type) => Of("", Display(type), type);

    private static ExpectedColumn Of(string name, string member, ITypeSymbol type)
    {
        var bare = Bare(type);
        var reader = ScalarTypes.ReaderOf(ScalarTypes.NumberOf(bare) ?? bare)
            ?? (bare.TypeKind == TypeKind.Enum ? EnumReader
                : ScalarTypes.ElementOf(bare) is not null ? ArrayReader
                : TypeParser.IsRecord(bare) ? RecordReader
                : "");
        var allowsNull = reader is "Json" or ""
            || (type.IsValueType
                ? !SymbolEqualityComparer.Default.Equals(bare, type)
                : type.NullableAnnotation != NullableAnnotation.NotAnnotated);
        return new(name, member, Display(type), reader, allowsNull);
    }

    private static string Display(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat);
}
