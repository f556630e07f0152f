using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using PgDurable.Generators.Diagnostics;
using PgDurable.Generators.Spec;

namespace PgDurable.Generators.Parsing;

/// <summary>Determines how values of a type are read from a result or written as input.</summary>
/// <param name="owner">The class that the code is generated into.</param>
/// <param name="compilation">The compilation.</param>
/// <param name="use">What is done with the values.</param>
/// <param name="location">Where a type that doesn't fit is reported, unless a call names another place.</param>
/// <param name="reporter">Takes what is wrong.</param>
internal sealed class TypeParser(INamedTypeSymbol owner, Compilation compilation, TypeUse use, Location location, Reporter reporter)
{
    private static readonly SymbolDisplayFormat TypeFormat = SymbolDisplayFormat.FullyQualifiedFormat.AddMiscellaneousOptions(
        SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    private readonly Dictionary<ITypeSymbol, int> _indexes = new(SymbolEqualityComparer.Default);
    private readonly List<RecordSpec?> _records = [];
    private Location _location = location;

    /// <summary>The records that were found, by index.</summary>
    public EquatableArray<RecordSpec> Records => new(_records.OfType<RecordSpec>().ToArray());

    /// <summary>The full C# name of a type, beginning with <c>global::</c>.</summary>
    public static string NameOf(ITypeSymbol type) => type.ToDisplayString(TypeFormat);

    /// <summary>Whether a value of the type is a row of columns rather than one column's value.</summary>
    public static bool IsRecord(ITypeSymbol type) =>
        type.OriginalDefinition.SpecialType != SpecialType.System_Nullable_T && ScalarTypes.ReaderOf(type) is null
        && ScalarTypes.ElementOf(type) is null && type is INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct }
        && !ScalarTypes.IsOfSystem(type);

    /// <summary>Like <see cref="Parse(ITypeSymbol, string)"/>, for a type that stands elsewhere.</summary>
    public ValueSpec? Parse(ITypeSymbol type, string what, Location place)
    {
        _location = place;
        return Parse(type, what);
    }

    /// <summary>Returns null after reporting why the type can't be read or written.</summary>
    public ValueSpec? Parse(ITypeSymbol type, string what)
    {
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
            return Parse(nullable.TypeArguments[0], what) is { } inner ? inner with { Nullable = Nullability.ValueType } : null;

        // Code without nullable annotations doesn't promise that there is always a value.
        var nullability = type is { IsReferenceType: true, NullableAnnotation: not NullableAnnotation.NotAnnotated }
            ? Nullability.ReferenceType
            : Nullability.None;
        var bare = type.WithNullableAnnotation(NullableAnnotation.NotAnnotated);
        var name = NameOf(bare);

        if (ScalarTypes.ReaderOf(type) is { } reader)
            return new(reader == "Json" ? ValueKind.Json : ValueKind.Scalar, name, nullability, reader);
        if (type.TypeKind == TypeKind.Enum)
            return new(ValueKind.Enum, name, nullability, ScalarTypes.NumberOf(type) is { } number ? ScalarTypes.ReaderOf(number)! : "");
        if (ScalarTypes.ElementOf(type) is { } element)
        {
            return Parse(element, what) is { } spec
                ? new(type.TypeKind == TypeKind.Array ? ValueKind.Array : ValueKind.List, name, nullability, Element: spec)
                : null;
        }

        if (!IsRecord(type))
            return Unsupported(what, $"the database has no form for '{Short(type)}'; use a scalar, a record, an array or a JsonElement");
        return RecordIndex((INamedTypeSymbol)bare, what) is { } index ? new(ValueKind.Record, name, nullability, Record: index) : null;
    }

    private int? RecordIndex(INamedTypeSymbol type, string what)
    {
        if (_indexes.TryGetValue(type, out var known))
            return known;

        // Added before its members are read, because a type may contain itself.
        var index = _records.Count;
        _indexes.Add(type, index);
        _records.Add(null);

        var properties = RecordShape.PropertiesOf(type, owner, compilation);
        if (!HasDistinctColumns(type, properties))
            return null;
        return Shape(type, properties, what) is { } spec ? Store(index, spec) : null;
    }

    private int Store(int index, RecordSpec spec)
    {
        _records[index] = spec;
        return index;
    }

    private RecordSpec? Shape(INamedTypeSymbol type, IReadOnlyList<IPropertySymbol> properties, string what)
    {
        IPropertySymbol[] passed = [], set = [], readable = [];
        if (use != TypeUse.Write)
        {
            if (RecordShape.ConstructorOf(type, properties, owner, compilation) is not { } constructor)
            {
                Unsupported(what, $"'{Short(type)}' has no constructor whose parameters all match properties");
                return null;
            }

            passed = [.. constructor.Parameters.Select(parameter => RecordShape.PropertyFor(parameter, properties)!)];
            set = [.. properties.Where(property => property.SetMethod is { } setter
                && compilation.IsSymbolAccessibleWithin(setter, owner) && !passed.Contains(property, SymbolEqualityComparer.Default))];
        }

        if (use != TypeUse.Read)
            readable = [.. properties.Where(property => property.GetMethod is not null)];
        return Members(type, passed, what) is { } arguments && Members(type, set, what) is { } settable
            && Members(type, readable, what) is { } written
                ? new(NameOf(type), type.IsReferenceType, new(arguments), new(settable), new(written))
                : null;
    }

    private MemberSpec[]? Members(INamedTypeSymbol type, IEnumerable<IPropertySymbol> properties, string what)
    {
        var members = new List<MemberSpec>();
        foreach (var property in properties)
        {
            if (Parse(property.Type, $"{what} (property '{type.Name}.{property.Name}')") is not { } value)
                return null;
            var keyword = SyntaxFacts.GetKeywordKind(property.Name) != SyntaxKind.None;
            members.Add(new(keyword ? "@" + property.Name : property.Name, ColumnName.Of(property), value));
        }

        return [.. members];
    }

    private bool HasDistinctColumns(INamedTypeSymbol type, IReadOnlyList<IPropertySymbol> properties)
    {
        var seen = new Dictionary<string, IPropertySymbol>(StringComparer.Ordinal);
        foreach (var property in properties)
        {
            var column = ColumnName.Of(property);
            if (seen.TryGetValue(column, out var other))
            {
                reporter.Report(Descriptors.DuplicateColumn, _location, other.Name, property.Name, type.Name, column);
                return false;
            }

            seen.Add(column, property);
        }

        return true;
    }

    private ValueSpec? Unsupported(string what, string why)
    {
        var verb = use switch
        {
            TypeUse.Read => "read",
            TypeUse.Write => "written",
            TypeUse.ReadAndWrite => "read and written",
        };
        reporter.Report(Descriptors.UnsupportedType, _location, what, verb, why);
        return null;
    }

    private static string Short(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat);
}
