using System.Text.Json;
using PgDurable.Worker.Engine.Substitution;

namespace PgDurable.Worker.Store.Results;

/// <summary>Writes a value that arrived in PostgreSQL's text form as JSON.</summary>
/// <remarks>No type makes it fail: a value without a better form becomes text.</remarks>
internal static class ValueEncoder
{
    public static void Write(Utf8JsonWriter writer, uint oid, string text) =>
        Write(writer, BuiltinTypes.TryGet(oid, out var type) ? type : ValueType.Unknown, text);

    public static void Write(Utf8JsonWriter writer, in ValueType type, string text)
    {
        if (type.IsArray)
            WriteArray(writer, type, text);
        else
            WriteScalar(writer, type.Shape, text);
    }

    /// <summary>Whether a literal made from the JSON gives the same value. If not, the text has to be kept too.</summary>
    public static bool IsFaithful(in ValueType type, string text)
    {
        if (!type.IsArray)
            return IsFaithful(type.Shape, text);
        // As text, the array stays what it was.
        if (!ArrayText.IsValid(text, type.Delimiter))
            return true;
        if (text[0] == '[' || type.Delimiter != (type.ElementName is { } element ? TypeNames.DelimiterOf(element) : ','))
            return false;
        return type.Shape is not (ValueShape.Json or ValueShape.Timestamp) || HasFaithfulElements(type, text);
    }

    static bool IsFaithful(ValueShape shape, string text) => shape switch
    {
        // JSON's null differs from SQL's NULL, and json, unlike jsonb, keeps its white space.
        ValueShape.Json => text != "null" && text.AsSpan().Trim(" \t\r\n").Length == text.Length,
        ValueShape.Timestamp => TimestampText.IsPlain(text),
        _ => true,
    };

    static bool HasFaithfulElements(in ValueType type, string text)
    {
        var parts = new ArrayText(text, type.Delimiter);
        var depth = 0;
        while (true)
        {
            switch (parts.Read(out var element))
            {
                case ArrayText.Part.Start:
                    // The JSON doesn't say whether an inner array is a dimension or a value.
                    if (++depth > 1 && type.Shape == ValueShape.Json)
                        return false;
                    break;
                case ArrayText.Part.Element:
                    if (!IsFaithful(type.Shape, element))
                        return false;
                    break;
                case ArrayText.Part.Done or ArrayText.Part.Malformed:
                    return true;
            }
        }
    }

    static void WriteScalar(Utf8JsonWriter writer, ValueShape shape, string text)
    {
        switch (shape)
        {
            case ValueShape.Boolean:
                writer.WriteBooleanValue(text == "t");
                break;
            case ValueShape.Number:
                WriteNumber(writer, text);
                break;
            case ValueShape.Json:
                writer.WriteRawValue(text, skipInputValidation: true);
                break;
            case ValueShape.Timestamp:
                writer.WriteStringValue(TimestampText.ToJson(text));
                break;
            case ValueShape.Void:
                writer.WriteNullValue();
                break;
            case ValueShape.Text:
                WriteText(writer, text);
                break;
        }
    }

    /// <summary>Writes a number digit by digit, as PostgreSQL does. NaN and Infinity, which aren't numbers in JSON, become text.</summary>
    static void WriteNumber(Utf8JsonWriter writer, string text)
    {
        if (char.IsAsciiDigit(text[^1]))
            writer.WriteRawValue(text, skipInputValidation: true);
        else
            writer.WriteStringValue(text);
    }

    /// <summary>Writes a string in segments. For a whole string, the writer would reserve several times its length.</summary>
    static void WriteText(Utf8JsonWriter writer, string text)
    {
        const int segment = 16 * 1024;
        if (text.Length <= segment)
        {
            writer.WriteStringValue(text);
            return;
        }
        for (var start = 0; start < text.Length; start += segment)
        {
            var length = Math.Min(segment, text.Length - start);
            writer.WriteStringValueSegment(text.AsSpan(start, length), isFinalSegment: start + length == text.Length);
        }
    }

    static void WriteArray(Utf8JsonWriter writer, in ValueType type, string text)
    {
        // An extension's type may have another delimiter, and Npgsql doesn't say which.
        if (!ArrayText.IsValid(text, type.Delimiter))
        {
            WriteText(writer, text);
            return;
        }
        var parts = new ArrayText(text, type.Delimiter);
        while (true)
        {
            switch (parts.Read(out var element))
            {
                case ArrayText.Part.Start:
                    writer.WriteStartArray();
                    break;
                case ArrayText.Part.End:
                    writer.WriteEndArray();
                    break;
                case ArrayText.Part.Null:
                    writer.WriteNullValue();
                    break;
                case ArrayText.Part.Element:
                    WriteScalar(writer, type.Shape, element);
                    break;
                case ArrayText.Part.Done or ArrayText.Part.Malformed:
                    return;
            }
        }
    }
}
