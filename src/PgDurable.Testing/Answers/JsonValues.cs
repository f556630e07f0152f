using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using PgDurable.Generated;
using PgDurable.Names;

namespace PgDurable.Testing.Answers;

/// <summary>
/// Serializes objects to the JSON that a workflow sees, in signals, replies and JSON columns. Properties have their column names.
/// </summary>
internal static class JsonValues
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = new ColumnNames(),
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { UseColumnAttributes } },
        Converters = { new MemberNames(), new Interval(), new Bytes() },
    };

    /// <summary>Serializes a value. A string becomes a JSON string, and JSON stays unchanged.</summary>
    public static string Write(object? value) => value is null ? "null" : JsonSerializer.Serialize(value, value.GetType(), Options);

    /// <summary>Returns the name of a property in the database.</summary>
    public static string NameOf(PropertyInfo property) => Declared(property) ?? SnakeCase.From(property.Name);

    private static string? Declared(PropertyInfo property) =>
        (property.GetCustomAttribute<ColumnAttribute>()
            ?? property.DeclaringType!.GetConstructors()
                .SelectMany(constructor => constructor.GetParameters())
                .Where(parameter => parameter.Name == property.Name)
                .Select(parameter => parameter.GetCustomAttribute<ColumnAttribute>())
                .FirstOrDefault(attribute => attribute is not null))?.Name;

    private static void UseColumnAttributes(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
            if (property.AttributeProvider is PropertyInfo member && Declared(member) is { } name)
                property.Name = name;
    }

    private sealed class ColumnNames : JsonNamingPolicy
    {
        public override string ConvertName(string name) => SnakeCase.From(name);
    }

    // An enum that is stored as a number is one in JSON too, as it is without a converter.
    private sealed class MemberNames : JsonConverterFactory
    {
        private readonly JsonStringEnumConverter _names = new();

        public override bool CanConvert(Type typeToConvert) => typeToConvert.IsEnum && !PgType.IsStoredAsNumber(typeToConvert);

        public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
            _names.CreateConverter(typeToConvert, options);
    }

    private sealed class Interval : JsonConverter<TimeSpan>
    {
        public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            IntervalText.TryParse(reader.GetString() ?? "", out var value)
                ? value
                : throw new JsonException("The value isn't an interval.");

        public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
            InputWriter.Write(writer, value);
    }

    private sealed class Bytes : JsonConverter<byte[]>
    {
        public override byte[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Convert.FromHexString((reader.GetString() ?? "").AsSpan(2));

        public override void Write(Utf8JsonWriter writer, byte[] value, JsonSerializerOptions options) => InputWriter.Write(writer, value);
    }
}
