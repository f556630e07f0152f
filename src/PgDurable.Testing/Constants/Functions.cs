using System.Text.Json;

namespace PgDurable.Testing.Constants;

/// <summary>The functions that need no database.</summary>
internal static class Functions
{
    /// <summary>Calls a function. Returns null for coalesce, whose result has the type that all of its arguments share.</summary>
    /// <exception cref="NotConstantException">The function isn't supported here, or its result isn't certain.</exception>
    public static SqlValue? Call(string name, List<SqlValue> arguments)
    {
        switch (name)
        {
            case "coalesce":
                return null;
            case "json_build_object":
                return Json("json", JsonForms.Object(arguments));
            case "jsonb_build_object":
                return Json("jsonb", JsonForms.Object(arguments));
            case "json_build_array":
                return Json("json", JsonForms.Array(arguments));
            case "jsonb_build_array":
                return Json("jsonb", JsonForms.Array(arguments));
        }
        if (arguments.Exists(argument => argument.IsAny))
            return SqlValue.Any;
        if (name == "concat")
            return SqlValue.Text(string.Concat(arguments.Select(InConcat)));
        if (name == "nullif" && arguments is [var left, var right])
            return SqlValue.Compare(left, right) == 0 ? left with { Value = null } : left;
        var type = TypeOf(name, arguments.Count);
        if (arguments.Exists(argument => argument.IsNull))
            return new SqlValue(type ?? arguments[0].Type, null);
        return type is "text" or "bool" || name is "length" or "strpos" ? OfTexts(name, arguments) : Of(name, type, arguments[0]);
    }

    /// <summary>Returns whether a function's result could depend on settings, so that PostgreSQL doesn't call it while it plans.</summary>
    public static bool IsStable(string name) =>
        name is "concat" or "to_json" or "to_jsonb" || name.Contains("_build_", StringComparison.Ordinal);

    /// <summary>Returns the type of a function's result, or null if it is the argument's.</summary>
    private static string? TypeOf(string name, int arguments) => (name, arguments) switch
    {
        ("lower" or "upper" or "btrim", 1) or ("right", 2) or ("jsonb_typeof" or "json_typeof" or "df.url_encode", 1) => "text",
        ("length", 1) or ("strpos", 2) or ("jsonb_array_length" or "json_array_length", 1) => "int4",
        ("starts_with", 2) => "bool",
        ("to_json", 1) => "json",
        ("to_jsonb", 1) => "jsonb",
        ("abs", 1) => null,
        _ => throw new NotConstantException(),
    };

    private static SqlValue Of(string name, string? type, SqlValue argument) => (name, argument) switch
    {
        ("to_json" or "to_jsonb", { Type: not "unknown" }) => Json(type!, JsonForms.Of(argument)),
        ("abs", { Value: decimal number }) => argument with { Value = Math.Abs(number) },
        ("abs", { Value: double number }) => argument with { Value = Math.Abs(number) },
        ("jsonb_array_length" or "json_array_length", _) => new SqlValue("int4", (decimal)Items(argument, name.Split('_')[0]).Count),
        _ => throw new NotConstantException(),
    };

    private static SqlValue OfTexts(string name, List<SqlValue> arguments)
    {
        if (name is "jsonb_typeof" or "json_typeof")
            return SqlValue.Text(TypeName(arguments[0].Cast(name.Split('_')[0])));
        if (!arguments[0].IsText)
            throw new NotConstantException();
        var text = arguments[0].Output();
        switch (name, arguments)
        {
            // Beyond ASCII, the result depends on the database's locale.
            case ("lower", _) when text.All(char.IsAscii):
                return SqlValue.Text(text.ToLowerInvariant());
            case ("upper", _) when text.All(char.IsAscii):
                return SqlValue.Text(text.ToUpperInvariant());
            case ("df.url_encode", _):
                return SqlValue.Text(Uri.EscapeDataString(text));
            case ("length", _):
                return new SqlValue("int4", (decimal)text.EnumerateRunes().Count());
            case ("btrim", _):
                return SqlValue.Text(text.Trim(' '));
            case ("starts_with", [_, { IsText: true } part]):
                return SqlValue.Of(text.StartsWith(part.Output(), StringComparison.Ordinal));
            case ("strpos", [_, { IsText: true } part]) when !text.Any(char.IsSurrogate):
                return new SqlValue("int4", (decimal)text.IndexOf(part.Output(), StringComparison.Ordinal) + 1);
            case ("right", [_, { Value: decimal and >= 0 and var length }]) when !text.Any(char.IsSurrogate):
                return SqlValue.Text(text[Math.Max(0, text.Length - (int)(decimal)length)..]);
            default:
                throw new NotConstantException();
        }
    }

    /// <summary>Returns the items of a JSON array.</summary>
    /// <exception cref="NotConstantException">It isn't one.</exception>
    public static List<JsonElement> Items(SqlValue list, string type) =>
        list.Cast(type).Value is JsonElement { ValueKind: JsonValueKind.Array } array ? [.. array.EnumerateArray()]
            : throw new NotConstantException();

    private static string InConcat(SqlValue argument) => argument switch
    {
        { IsNull: true } => "",
        { Value: bool truth } => truth ? "t" : "f",
        _ => argument.Output(),
    };

    private static string TypeName(SqlValue json) => json.Value is not JsonElement element ? throw new NotConstantException()
        : element.ValueKind switch
        {
            JsonValueKind.True or JsonValueKind.False => "boolean",
            _ => element.ValueKind.ToString().ToLowerInvariant(),
        };

    private static SqlValue Json(string type, string text) => new SqlValue("unknown", text).Cast(type);
}
