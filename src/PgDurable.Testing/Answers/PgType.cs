using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using PgDurable.Generated;
using PgDurable.Worker.Store.Results;
using ValueType = PgDurable.Worker.Store.Results.ValueType;

namespace PgDurable.Testing.Answers;

/// <summary>Maps .NET types to PostgreSQL types, and values to their text.</summary>
internal static class PgType
{
    private const uint Jsonb = 3802;

    /// <summary>Returns the type of a column whose values have this .NET type.</summary>
    public static ValueType Of(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (Scalar(type) is { } oid)
            return Builtin(oid);
        return ElementOf(type) is { } element && Scalar(Nullable.GetUnderlyingType(element) ?? element) is { } item
            ? Builtin(item).ToArray() : Builtin(Jsonb);
    }

    /// <summary>Writes a value in the same form as a worker that read it from PostgreSQL.</summary>
    public static void Write(Utf8JsonWriter json, in ValueType type, object? value)
    {
        if (value is null or DBNull)
        {
            json.WriteNullValue();
        }
        else if (type.Shape == ValueShape.Json && !type.IsArray)
        {
            json.WriteRawValue(JsonValues.Write(value), skipInputValidation: true);
        }
        else if (type.IsArray)
        {
            var item = new ValueType(type.Shape, null);
            json.WriteStartArray();
            foreach (var element in (IEnumerable)value)
                Write(json, item, element);
            json.WriteEndArray();
        }
        else
        {
            ValueEncoder.Write(json, type, Text(value));
        }
    }

    /// <summary>Returns the element type of an array or list, or null for other types, including byte arrays.</summary>
    public static Type? ElementOf(Type type)
    {
        if (type == typeof(string) || type == typeof(byte[]))
            return null;
        if (type.IsArray)
            return type.GetElementType();
        return type.GetInterfaces().Append(type)
            .Where(candidate => candidate.IsGenericType && candidate.GetGenericTypeDefinition() == typeof(IEnumerable<>))
            .Select(candidate => candidate.GetGenericArguments()[0])
            .FirstOrDefault(element => !element.IsGenericType || element.GetGenericTypeDefinition() != typeof(KeyValuePair<,>));
    }

    /// <summary>Returns whether a value is a single column instead of a row.</summary>
    public static bool IsScalar(Type type) => Scalar(Nullable.GetUnderlyingType(type) ?? type) is not null;

    /// <summary>Returns whether a type is an enum whose values are numbers in the database.</summary>
    public static bool IsStoredAsNumber(Type type) => type.IsEnum && type.IsDefined(typeof(StoredAsNumberAttribute), inherit: false);

    private static ValueType Builtin(uint oid) => BuiltinTypes.TryGet(oid, out var type) ? type : ValueType.Unknown;

    private static uint? Scalar(Type type) => type switch
    {
        _ when IsStoredAsNumber(type) => Scalar(Enum.GetUnderlyingType(type)),
        _ when type == typeof(bool) => 16,
        _ when type == typeof(byte[]) => 17,
        _ when type == typeof(long) || type == typeof(uint) => 20,
        _ when type == typeof(short) || type == typeof(byte) || type == typeof(sbyte) => 21,
        _ when type == typeof(int) || type == typeof(ushort) => 23,
        _ when type == typeof(string) || type == typeof(char) || type.IsEnum => 25,
        _ when type == typeof(float) => 700,
        _ when type == typeof(double) => 701,
        _ when type == typeof(DateOnly) => 1082,
        _ when type == typeof(TimeOnly) => 1083,
        _ when type == typeof(DateTime) || type == typeof(DateTimeOffset) => 1184,
        _ when type == typeof(TimeSpan) => 1186,
        _ when type == typeof(decimal) || type == typeof(ulong) => 1700,
        _ when type == typeof(Guid) => 2950,
        _ when typeof(JsonNode).IsAssignableFrom(type) || type == typeof(JsonElement) || type == typeof(JsonDocument) => Jsonb,
        _ => null,
    };

    private static string Text(object value) => value switch
    {
        bool b => b ? "t" : "f",
        byte[] bytes => "\\x" + Convert.ToHexStringLower(bytes),
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        TimeOnly time => time.ToString("HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture),
        DateTimeOffset moment => moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture) + "+00",
        DateTime moment => moment.ToString("yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture) + "+00",
        TimeSpan interval => IntervalText.Write(interval),
        float number => number.ToString("R", CultureInfo.InvariantCulture),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        Enum member when IsStoredAsNumber(member.GetType()) => member.ToString("D"),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
