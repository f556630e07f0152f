using System.Globalization;
using System.Text.Json;

namespace PgDurable.Worker.Execution;

/// <summary>Writes a value that arrived in PostgreSQL's text form as JSON.</summary>
/// <remarks>Nothing fails because of its type: what has no better form is text.</remarks>
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

    static void WriteScalar(Utf8JsonWriter writer, ValueShape shape, string text)
    {
        switch (shape)
        {
            case ValueShape.Boolean:
                writer.WriteBooleanValue(text == "t");
                break;
            case ValueShape.Integer:
                writer.WriteNumberValue(long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
                break;
            case ValueShape.Single:
                WriteNumber(writer, float.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture));
                break;
            case ValueShape.Double:
                WriteNumber(writer, double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture));
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

    static void WriteNumber(Utf8JsonWriter writer, double value)
    {
        if (double.IsFinite(value))
            writer.WriteNumberValue(value);
        else
            writer.WriteNullValue();
    }

    /// <summary>In segments: for a whole string the writer would reserve several times its length.</summary>
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
        // Types of extensions may separate their elements by something else; Npgsql does not say by what.
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
