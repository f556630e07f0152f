using PgDurable.Generators.Spec;

namespace PgDurable.Generators.Emit;

/// <summary>Writes the expressions that read and write one value.</summary>
internal static class ValueEmitter
{
    public const string ResultValue = "global::PgDurable.Generated.ResultValue";
    private const string InputWriter = "global::PgDurable.Generated.InputWriter";

    /// <summary>An expression that reads <paramref name="from"/>, a ResultValue.</summary>
    public static string Read(ValueSpec value, string from, int depth = 0)
    {
        if (value.Kind == ValueKind.Json)
        {
            return value.Nullable == Nullability.None
                ? $"{from}.Json()"
                : $"{from}.OrNull<{value.Type}>(static v{depth} => v{depth}.Json())";
        }

        var element = $"v{depth}";
        return value.Nullable switch
        {
            Nullability.ValueType => $"{from}.OrNull<{value.Type}>(static {element} => {ReadPresent(value, element, depth + 1)})",
            Nullability.ReferenceType => $"{from}.OrDefault<{value.Type}>(static {element} => {ReadPresent(value, element, depth + 1)})",
            _ => ReadPresent(value, from, depth),
        };
    }

    /// <summary>An expression that writes <paramref name="expression"/> to <paramref name="writer"/>.</summary>
    public static string Write(ValueSpec value, string writer, string expression, int depth = 0)
    {
        var (inner, element) = ($"w{depth}", $"v{depth}");
        if (value.Nullable == Nullability.ValueType)
        {
            var present = Write(value with { Nullable = Nullability.None }, inner, element, depth + 1);
            return $"{InputWriter}.WriteNullable<{value.Type}>({writer}, {expression}, static ({inner}, {element}) => {present})";
        }

        return value.Kind switch
        {
            ValueKind.Scalar or ValueKind.Json => $"{InputWriter}.Write({writer}, {expression})",
            // Its reader has the name of the number's type.
            ValueKind.Enum when value.Reader.Length > 0 => $"{InputWriter}.Write({writer}, (global::System.{value.Reader}){expression})",
            ValueKind.Enum => $"{InputWriter}.WriteEnum<{value.Type}>({writer}, {expression})",
            ValueKind.Record => $"{WriterName(value.Record)}({writer}, {expression})",
            ValueKind.Array or ValueKind.List =>
                $"{InputWriter}.WriteArray<{value.Element!.DeclaredType}>({writer}, {expression}, static ({inner}, {element}) => " +
                $"{Write(value.Element, inner, element, depth + 1)})",
        };
    }

    public static string ReaderName(int record) => $"__PgDurableRead{record}";

    public static string WriterName(int record) => $"__PgDurableWrite{record}";

    private static string ReadPresent(ValueSpec value, string from, int depth) => value.Kind switch
    {
        ValueKind.Scalar => $"{from}.{value.Reader}()",
        ValueKind.Json => $"{from}.Json()",
        ValueKind.Enum when value.Reader.Length > 0 => $"({value.Type}){from}.{value.Reader}()",
        ValueKind.Enum => $"{from}.Enum<{value.Type}>()",
        ValueKind.Record => $"{ReaderName(value.Record)}({from})",
        ValueKind.Array or ValueKind.List =>
            $"{from}.{value.Kind}<{value.Element!.DeclaredType}>(static v{depth} => {Read(value.Element, $"v{depth}", depth + 1)})",
    };
}
