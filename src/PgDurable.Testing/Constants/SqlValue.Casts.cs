using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace PgDurable.Testing.Constants;

/// <content>Conversions between types.</content>
internal readonly partial record struct SqlValue
{
    private const int MaxNameBytes = 63;

    // A float's shortest text has up to 17 digits, of which a cast to numeric keeps 15.
    private const int FloatDigits = 15;

    private static readonly string[] Types = ["bool", "int2", "int4", "int8", "numeric", "float4", "float8", "text", "varchar", "bpchar",
        "name", "uuid", "date", "timestamp", "timestamptz", "interval", "json", "jsonb"];

    /// <summary>Converts the value to another type.</summary>
    /// <exception cref="NotConstantException">PostgreSQL would reject the conversion, or it isn't supported here.</exception>
    public SqlValue Cast(string type)
    {
        if (IsAny)
            return this;
        if (Type == type)
            return this;
        if (!Types.Contains(type) || !IsCastable(Type, type))
            throw new NotConstantException();
        if (Value is null)
            return new SqlValue(type, null);
        return type switch
        {
            "bool" => Value is JsonElement { ValueKind: not (JsonValueKind.True or JsonValueKind.False) } ? throw new NotConstantException()
                : ToBool(Output().Trim()),
            "int2" or "int4" or "int8" => Integer(type, ToInteger()),
            "numeric" => new SqlValue(type, ToNumeric()),
            "float4" => new SqlValue(type, (double)(float)ToFloat()),
            "float8" => new SqlValue(type, ToFloat()),
            "text" or "varchar" => new SqlValue(type, Output()),
            // Spaces at the end don't count in this type, and too long a name is cut.
            "bpchar" => new SqlValue(type, Output() is var text && !text.EndsWith(' ') ? text : throw new NotConstantException()),
            "name" => new SqlValue(
                type, Encoding.UTF8.GetByteCount(Output()) <= MaxNameBytes ? Output() : throw new NotConstantException()),
            "uuid" => new SqlValue(
                type, Guid.TryParseExact(Output(), "D", out var id) ? id.ToString("D") : throw new NotConstantException()),
            "date" or "timestamp" or "timestamptz" => ToMoment(type),
            "interval" => new SqlValue(type, Interval.Parse(Output())),
            _ => ToJson(type),
        };
    }

    /// <summary>Returns an integer.</summary>
    /// <exception cref="NotConstantException">It is out of the type's range.</exception>
    public static SqlValue Integer(string type, decimal value)
    {
        var (least, most) = type switch
        {
            "int2" => (short.MinValue, short.MaxValue),
            "int4" => (int.MinValue, int.MaxValue),
            _ => (long.MinValue, long.MaxValue),
        };
        return value >= least && value <= most ? new SqlValue(type, Numbers.WithoutSignOfZero(value)) : throw new NotConstantException();
    }

    private static bool IsCastable(string from, string to) => (Family(from), Family(to)) switch
    {
        ("unknown" or "text", _) or (_, "text") or ("jsonb", "json" or "number" or "bool") or ("json", "jsonb") => true,
        ("number", "bool") => from == "int4",
        var (left, right) => left == right,
    };

    private static SqlValue ToBool(string text) => text.ToLowerInvariant() switch
    {
        "t" or "true" or "yes" or "on" or "1" or "y" => Of(true),
        "f" or "false" or "no" or "off" or "0" or "n" => Of(false),
        _ => throw new NotConstantException(),
    };

    private decimal ToInteger()
    {
        if (Value is decimal number)
            return Math.Round(number, MidpointRounding.AwayFromZero);
        return long.TryParse(Output().Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
            ? whole : throw new NotConstantException();
    }

    private decimal ToNumeric()
    {
        var text = Output().Trim();
        return (Value is not double || text.Count(char.IsAsciiDigit) <= FloatDigits)
            && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact)
            // More digits than a decimal has would be lost.
            && text.Count(char.IsAsciiDigit) <= 28
            ? Numbers.WithoutSignOfZero(exact) : throw new NotConstantException();
    }

    private double ToFloat() => Value is double known ? known
        : double.TryParse(Output().Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real)
            ? real : throw new NotConstantException();

    private SqlValue ToMoment(string type)
    {
        // A text with a time zone is only certain for the type that has one.
        var pattern = type == "timestamptz" || Value is DateTime ? MomentWithZone() : Moment();
        var text = Output();
        return pattern.IsMatch(text) && DateTime.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var moment)
            ? new SqlValue(type, type == "date" ? moment.Date : moment) : throw new NotConstantException();
    }

    private SqlValue ToJson(string type)
    {
        if (Value is not (string or JsonElement))
            throw new NotConstantException();
        try
        {
            var json = Value is JsonElement known ? known : WorkflowTest.ReadJson(Output());
            return json.ValueKind == JsonValueKind.String && json.GetString() == AnyText ? Any
                : new SqlValue(type, type == "jsonb" ? JsonForms.Binary(json) : json);
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw new NotConstantException();
        }
    }

    [GeneratedRegex(@"\A\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d{1,6})?)?)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Moment();

    [GeneratedRegex(@"\A\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d(:?\d\d)?)?)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex MomentWithZone();
}
