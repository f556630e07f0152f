using System.Text;
using System.Text.Json;
using PgDurable.Sql;

namespace PgDurable.Worker.Engine.Substitution;

/// <summary>A value where SQL expects an expression.</summary>
internal static class PlainValue
{
    /// <summary>Appends the value as an operand, isolated if a bare literal would run into the text next to it.</summary>
    public static void Append(StringBuilder target, in ReferenceValue value, string reference, bool isolate)
    {
        if (IsCast(value))
            AppendCast(target.Append('('), value with { TypeName = value.TypeName ?? TypeNames.Jsonb }, reference).Append(')');
        else if (isolate || (value.Exact is null && value.Json.ValueKind == JsonValueKind.Number && value.Json.GetRawText()[0] == '-'))
            AppendBare(target.Append('('), value, reference).Append(')');
        else
            AppendBare(target, value, reference);
    }

    /// <summary>Whether the value is written with a type. JSON documents always are, because as text they wouldn't be JSON.</summary>
    public static bool IsCast(in ReferenceValue value) =>
        value.TypeName is not null || (value.Exact is null && value.Json.ValueKind is JsonValueKind.Object or JsonValueKind.Array);

    /// <summary>Appends the value with its type, or with the type that SQL would infer.</summary>
    public static StringBuilder AppendCast(StringBuilder target, in ReferenceValue value, string reference)
    {
        if (value.TypeName is not { } typeName)
            return AppendBare(target, value, reference);
        if (value.IsNull)
            target.Append("NULL");
        else
            SqlQuote.AppendLiteral(target, TextOf(value, typeName, reference));
        return target.Append("::").Append(typeName);
    }

    static StringBuilder AppendBare(StringBuilder target, in ReferenceValue value, string reference)
    {
        if (value.IsNull)
            return target.Append("NULL");
        // Without a cast: the context decides whether it is a text, a uuid or a date.
        if (value.Exact is not null || value.Json.ValueKind == JsonValueKind.String)
            return SqlQuote.AppendLiteral(target, TextOf(value, null, reference));
        return target.Append(JsonText.Plain(value.Json, reference));
    }

    /// <summary>The value in the form that its type's input function reads.</summary>
    public static string TextOf(in ReferenceValue value, string? typeName, string reference)
    {
        var json = value.Json;
        if (value.Exact is { } exact)
            return exact;
        if (typeName is null)
            return JsonText.Plain(json, reference);
        if (TypeNames.IsJson(typeName))
            return JsonText.Of(json, typeName);
        return json.ValueKind == JsonValueKind.Array && TypeNames.ElementOf(typeName) is { } elementType
            ? ArrayLiteral.Write(json, elementType, reference)
            : JsonText.Plain(json, reference);
    }
}
