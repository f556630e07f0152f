using System.Globalization;
using System.Text.Json;

namespace PgDurable.Testing.Constants;

/// <summary>The value of a constant expression.</summary>
/// <param name="Type">The PostgreSQL type without its schema, or <c>unknown</c> for a literal whose type depends on the context.</param>
/// <param name="Value">A bool, decimal, double, string, DateTime or JsonElement, or null for NULL.</param>
internal readonly record struct SqlValue(string Type, object? Value)
{
    /// <summary>A text that stands for an unknown value. Comparisons with it may be true or false.</summary>
    public const string AnyText = "\u27e8any\u27e9";

    public static readonly SqlValue Any = new("any", AnyText);
    public static readonly SqlValue Null = new("unknown", null);

    /// <summary>Whether the value is unknown.</summary>
    public bool IsAny => Type == "any";

    public bool IsNull => Value is null;

    public bool IsNumber => Value is decimal or double || Type is "int2" or "int4" or "int8" or "numeric" or "float4" or "float8";

    public bool IsInteger => Type is "int2" or "int4" or "int8";

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

    /// <summary>Converts the value to another type.</summary>
    /// <exception cref="NotConstantException">PostgreSQL would reject the conversion, or it isn't supported here.</exception>
    public SqlValue Cast(string type)
    {
        if (IsAny)
            return this;
        if (Value is null)
            return new SqlValue(type, null);
        var text = Output();
        switch (type)
        {
            case "bool":
                return Value is bool ? this : text.Trim().ToLowerInvariant() switch
                {
                    "t" or "true" or "yes" or "on" or "1" or "y" => Of(true),
                    "f" or "false" or "no" or "off" or "0" or "n" => Of(false),
                    _ => throw new NotConstantException(),
                };
            case "int2" or "int4" or "int8":
                if (Value is decimal number)
                    return new SqlValue(type, Math.Round(number, MidpointRounding.AwayFromZero));
                return long.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
                    ? new SqlValue(type, (decimal)whole) : throw new NotConstantException();
            case "numeric":
                return decimal.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var exact)
                    ? new SqlValue(type, exact) : throw new NotConstantException();
            case "float4" or "float8":
                return double.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var real)
                    ? new SqlValue(type, real) : throw new NotConstantException();
            case "text" or "varchar" or "bpchar" or "name" or "uuid":
                return new SqlValue(type, type == "uuid" ? text.ToLowerInvariant() : text);
            case "date" or "timestamp" or "timestamptz":
                return DateTime.TryParse(
                    text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var moment)
                    ? new SqlValue(type, type == "date" ? moment.Date : moment) : throw new NotConstantException();
            case "json" or "jsonb":
                return Value is JsonElement ? this with { Type = type } : new SqlValue(type, Parse(text));
            default:
                throw new NotConstantException();
        }
    }

    /// <summary>Returns the text that PostgreSQL would print.</summary>
    public string Output() => Value switch
    {
        string text => text,
        bool value => value ? "true" : "false",
        decimal number => number.ToString(CultureInfo.InvariantCulture),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        JsonElement json => json.GetRawText(),
        DateTime moment => moment.ToString(Type == "date" ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture)
            + (Type == "timestamptz" ? "+00" : ""),
        _ => throw new NotConstantException(),
    };

    /// <summary>Returns less than 0, 0 or more than 0, or null if one of the values is NULL or unknown.</summary>
    public static int? Compare(SqlValue left, SqlValue right)
    {
        if (left.IsAny || right.IsAny || left.IsNull || right.IsNull)
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
            // The order depends on the database's collation, but equality doesn't.
            (string a, string b) => a == b ? 0 : int.MinValue,
            _ => throw new NotConstantException(),
        };
    }

    private static JsonElement Parse(string text)
    {
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            throw new NotConstantException();
        }
    }
}

/// <summary>Thrown when an expression's value can't be computed without a database.</summary>
internal sealed class NotConstantException : Exception;
