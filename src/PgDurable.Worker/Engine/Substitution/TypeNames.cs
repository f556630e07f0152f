namespace PgDurable.Worker.Engine.Substitution;

/// <summary>The types that substitution needs to know by name.</summary>
internal static class TypeNames
{
    public const string Text = "pg_catalog.text";
    public const string Jsonb = "pg_catalog.jsonb";
    public const string Numeric = "pg_catalog.numeric";
    public const string Boolean = "pg_catalog.bool";

    public static bool IsText(string typeName) => typeName is Text or "pg_catalog.varchar";

    public static bool IsJson(string typeName) => typeName is Jsonb or "pg_catalog.json";

    /// <summary>The type of an array's elements; null if the type isn't an array.</summary>
    public static string? ElementOf(string typeName) => typeName.EndsWith("[]", StringComparison.Ordinal) ? typeName[..^2] : null;

    /// <summary>What separates the elements of an array: a comma for every type but one.</summary>
    public static char DelimiterOf(string elementType) => elementType == "pg_catalog.box" ? ';' : ',';
}
