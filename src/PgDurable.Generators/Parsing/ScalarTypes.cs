using Microsoft.CodeAnalysis;

namespace PgDurable.Generators.Parsing;

/// <summary>The types that are a single value in the database.</summary>
internal static class ScalarTypes
{
    /// <summary>The method of <c>ResultValue</c> that reads the type; null if it isn't a scalar.</summary>
    public static string? ReaderOf(ITypeSymbol type) => type switch
    {
        { SpecialType: SpecialType.System_Boolean } => "Boolean",
        { SpecialType: SpecialType.System_Char } => "Char",
        { SpecialType: SpecialType.System_String } => "String",
        { SpecialType: >= SpecialType.System_SByte and <= SpecialType.System_Double } => type.Name,
        { SpecialType: SpecialType.System_DateTime } => "DateTime",
        IArrayTypeSymbol { Rank: 1, ElementType.SpecialType: SpecialType.System_Byte } => "Bytes",
        { Name: "Guid" or "DateTimeOffset" or "DateOnly" or "TimeOnly" or "TimeSpan" } when IsIn(type, "System") => type.Name,
        { Name: "JsonElement" } when IsIn(type, "System", "Text", "Json") => "Json",
        _ => null,
    };

    /// <summary>The type of the elements of an array or a list; null for any other type.</summary>
    public static ITypeSymbol? ElementOf(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol { Rank: 1 } array when ReaderOf(type) is null => array.ElementType,
        INamedTypeSymbol
        {
            Name: "List" or "IList" or "IReadOnlyList" or "ICollection" or "IReadOnlyCollection" or "IEnumerable",
            TypeArguments: [var element],
        } when IsIn(type, "System", "Collections", "Generic") => element,
        _ => null,
    };

    /// <summary>The type of the numbers that an enum is stored as; null if it is stored as text.</summary>
    public static ITypeSymbol? NumberOf(ITypeSymbol type) =>
        type is INamedTypeSymbol { EnumUnderlyingType: { } number }
        && type.Attribute(WellKnownNames.StoredAsNumberAttribute) is not null
            ? number
            : null;

    /// <summary>Whether the type belongs to .NET, so that its properties aren't columns.</summary>
    public static bool IsOfSystem(ITypeSymbol type)
    {
        var space = type.ContainingNamespace;
        while (space is { ContainingNamespace.IsGlobalNamespace: false })
            space = space.ContainingNamespace;
        return space?.Name == "System";
    }

    /// <summary>Whether the type may hold null.</summary>
    public static bool MayBeNull(this ITypeSymbol type) =>
        type.NullableAnnotation == NullableAnnotation.Annotated || type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T;

    private static bool IsIn(ITypeSymbol type, params string[] names)
    {
        var space = type.ContainingType is null ? type.ContainingNamespace : null;
        for (var i = names.Length - 1; i >= 0 && space is not null; i--)
            space = space.Name == names[i] ? space.ContainingNamespace : null;
        return space is { IsGlobalNamespace: true };
    }
}
