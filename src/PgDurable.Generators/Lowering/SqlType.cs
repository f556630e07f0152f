using Microsoft.CodeAnalysis;
using PgDurable.Generators.Parsing;

namespace PgDurable.Generators.Lowering;

/// <summary>The SQL types that values of C# types are cast to if SQL can't know the type.</summary>
internal static class SqlType
{
    /// <summary>Returns null for a type that needs no cast.</summary>
    public static string? Of(ITypeSymbol type) => Bare(type) switch
    {
        { SpecialType: SpecialType.System_Boolean } => "boolean",
        { SpecialType: SpecialType.System_String or SpecialType.System_Char } => "text",
        { TypeKind: TypeKind.Enum } => "text",
        { SpecialType: SpecialType.System_Byte or SpecialType.System_SByte or SpecialType.System_Int16 } => "smallint",
        { SpecialType: SpecialType.System_UInt16 or SpecialType.System_Int32 } => "integer",
        { SpecialType: SpecialType.System_UInt32 or SpecialType.System_Int64 } => "bigint",
        { SpecialType: SpecialType.System_UInt64 or SpecialType.System_Decimal } => "numeric",
        { SpecialType: SpecialType.System_Single } => "real",
        { SpecialType: SpecialType.System_Double } => "double precision",
        { Name: "Guid" } system when ScalarTypes.IsOfSystem(system) => "uuid",
        { Name: "DateTimeOffset" } system when ScalarTypes.IsOfSystem(system) => "timestamptz",
        { Name: "DateOnly" } system when ScalarTypes.IsOfSystem(system) => "date",
        { Name: "TimeOnly" } system when ScalarTypes.IsOfSystem(system) => "time",
        { Name: "TimeSpan" } system when ScalarTypes.IsOfSystem(system) => "interval",
        _ => null,
    };

    /// <summary>The SQL type of an array's elements; null if they have none of their own.</summary>
    public static string? OfElement(ITypeSymbol element) => ScalarTypes.ReaderOf(Bare(element)) == "Bytes" ? "bytea" : Of(element);

    /// <summary>Whether a value of the type is a JSON object or array, or any JSON, instead of a scalar.</summary>
    public static bool IsComposite(ITypeSymbol type) =>
        TypeParser.IsRecord(Bare(type)) || ScalarTypes.ElementOf(Bare(type)) is not null || ScalarTypes.ReaderOf(Bare(type)) == "Json";

    /// <summary>Whether PostgreSQL turns a column of the type into the same JSON value that C# would write.</summary>
    public static bool IsSameInJson(ITypeSymbol type) =>
        Bare(type) is { SpecialType: SpecialType.System_Boolean or SpecialType.System_String or SpecialType.System_Char }
            or { SpecialType: >= SpecialType.System_SByte and <= SpecialType.System_Int64 }
            or { TypeKind: TypeKind.Enum }
            or { Name: "Guid" };

    /// <summary>The type of a value that isn't null; for an enum that is stored as a number, the type of the number.</summary>
    public static ITypeSymbol Bare(ITypeSymbol type)
    {
        var bare = type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable
            ? nullable.TypeArguments[0]
            : type;
        return ScalarTypes.NumberOf(bare) ?? bare;
    }
}
