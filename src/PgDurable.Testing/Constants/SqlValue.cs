using System.Globalization;
using System.Text.Json;

namespace PgDurable.Testing.Constants;

/// <summary>The value of a constant expression.</summary>
/// <param name="Type">
/// The PostgreSQL type without its schema, <c>unknown</c> for a literal whose type depends on the context, or <c>record</c>.
/// </param>
/// <param name="Value">
/// A bool, decimal, double, string, DateTime, Interval, JsonElement or <see cref="SourceRow"/>, or null for NULL.
/// </param>
internal readonly partial record struct SqlValue(string Type, object? Value)
{
    /// <summary>A text that stands for an unknown value. Comparisons with it may be true or false.</summary>
    public const string AnyText = "\u27e8any\u27e9";

    public static readonly SqlValue Any = new("any", AnyText);
    public static readonly SqlValue Null = new("unknown", null);

    /// <summary>Whether the value is unknown.</summary>
    public bool IsAny => Type == "any";

    public bool IsNull => Value is null;

    public bool IsNumber => Type is "int2" or "int4" or "int8" or "numeric" or "float4" or "float8";

    public bool IsInteger => Type is "int2" or "int4" or "int8";

    public bool IsText => Type is "unknown" or "text" or "varchar";

    /// <summary>Whether it is a moment or an interval.</summary>
    public bool IsTime => Type is "date" or "timestamp" or "timestamptz" or "interval";

    public bool IsJson => Type is "json" or "jsonb";

    public static SqlValue Of(bool? value) => new("bool", value);

    public static SqlValue Text(string? text) => text == AnyText ? Any : new SqlValue("text", text);

    /// <summary>Whether it is true, or null for NULL.</summary>
    /// <exception cref="NotConstantException">It isn't a boolean.</exception>
    public bool? Truth => Value switch
    {
        null => null,
        bool value => value,
        string when Type == "unknown" => Cast("bool").Truth,
        _ => throw new NotConstantException(),
    };

    /// <summary>Returns the text that PostgreSQL would print.</summary>
    public string Output() => Value switch
    {
        string text => text,
        bool value => value ? "true" : "false",
        decimal number => number.ToString(CultureInfo.InvariantCulture),
        double number => Math.Abs(number) is 0 or >= 1e-4 && Math.Abs(number) < (Type == "float4" ? 1e6 : 1e15)
            ? Type == "float4" ? ((float)number).ToString("R", CultureInfo.InvariantCulture)
                : number.ToString("R", CultureInfo.InvariantCulture)
            : throw new NotConstantException(), // PostgreSQL writes an exponent
        JsonElement json => json.GetRawText(),
        Interval interval => interval.ToString(),
        DateTime moment => moment.ToString(Type == "date" ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture)
            + (Type == "timestamptz" ? "+00" : ""),
        _ => throw new NotConstantException(),
    };

    /// <summary>Returns less than 0, 0 or more than 0, or null if one of the values is NULL or unknown.</summary>
    /// <returns><see cref="int.MinValue"/> for values that are different and have no order that is known here.</returns>
    /// <exception cref="NotConstantException">PostgreSQL can't compare their types, or the result isn't known here.</exception>
    public static int? Compare(SqlValue left, SqlValue right)
    {
        if (left.IsAny || right.IsAny)
            return null;
        var families = (Family(left.Type), Family(right.Type));
        if (families is ("json", _) or (_, "json")
            || (families.Item1 != families.Item2 && families is not (("unknown", _) or (_, "unknown"))))
            throw new NotConstantException();
        if (left.IsNull || right.IsNull)
            return null;
        if (left.Type == "unknown" && right.Type != "unknown")
            left = left.Cast(right.Type);
        if (right.Type == "unknown" && left.Type != "unknown")
            right = right.Cast(left.Type);
        return (left.Value, right.Value) switch
        {
            (decimal a, decimal b) => a.CompareTo(b),
            (double a, double b) => a.CompareTo(b),
            (double a, decimal b) => a.CompareTo((double)b),
            (decimal a, double b) => ((double)a).CompareTo(b),
            (bool a, bool b) => a.CompareTo(b),
            (DateTime a, DateTime b) => a.CompareTo(b),
            (Interval a, Interval b) => a.Length.CompareTo(b.Length),
            // The order depends on the database's collation, but equality doesn't.
            (string a, string b) when left.Type == right.Type || (left.IsText && right.IsText) => a == b ? 0 : int.MinValue,
            (JsonElement a, JsonElement b) when left.Type == "jsonb" && right.Type == "jsonb" => Compare(a, b),
            _ => throw new NotConstantException(),
        };
    }

    // What PostgreSQL compares with each other. It compares no json.
    private static string Family(string type) => type switch
    {
        "unknown" or "bool" or "uuid" or "json" or "jsonb" or "interval" => type,
        "int2" or "int4" or "int8" or "numeric" or "float4" or "float8" => "number",
        "text" or "varchar" or "bpchar" or "name" => "text",
        "date" or "timestamp" or "timestamptz" => "moment",
        _ => throw new NotConstantException(),
    };

    // Different texts may still be the same number.
    private static int Compare(JsonElement left, JsonElement right) => left.GetRawText() == right.GetRawText() ? 0
        : left.ValueKind != right.ValueKind || left.ValueKind is JsonValueKind.String ? int.MinValue : throw new NotConstantException();
}

/// <summary>Thrown when an expression's value can't be computed without a database.</summary>
internal sealed class NotConstantException : Exception;
