using System.Text;
using System.Text.Json;
using PgDurable.Sql;

namespace PgDurable.Worker.Engine.Substitution;

/// <summary>A value where SQL expects an expression.</summary>
internal static class PlainValue
{
    /// <summary>Appends the value as an operand; isolated, when what stands next to it would run into a bare literal.</summary>
    public static void Append(StringBuilder target, in ReferenceValue value, string reference, bool isolate)
    {
        var json = value.Json;
        if (value.TypeName is { } typeName)
            AppendParenthesised(target, json, typeName, reference);
        else if (json.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
            AppendParenthesised(target, json, TypeNames.Jsonb, reference);
        else if (isolate || (json.ValueKind == JsonValueKind.Number && json.GetRawText()[0] == '-'))
            AppendBare(target.Append('('), json, reference).Append(')');
        else
            AppendBare(target, json, reference);
    }

    /// <summary>Appends the value with its type, or with the one that SQL infers when none is given.</summary>
    public static StringBuilder AppendCast(StringBuilder target, JsonElement json, string? typeName, string reference)
    {
        if (typeName == null)
            return AppendBare(target, json, reference);
        if (json.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
            target.Append("NULL");
        else
            SqlQuote.AppendLiteral(target, TextOf(json, typeName, reference));
        return target.Append("::").Append(typeName);
    }

    static void AppendParenthesised(StringBuilder target, JsonElement json, string typeName, string reference) =>
        AppendCast(target.Append('('), json, typeName, reference).Append(')');

    static StringBuilder AppendBare(StringBuilder target, JsonElement json, string reference) => json.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => target.Append("NULL"),
        // Without a cast: what stands around it decides whether it is a text, a uuid or a date.
        JsonValueKind.String => SqlQuote.AppendLiteral(target, JsonText.Plain(json, reference)),
        _ => target.Append(JsonText.Plain(json, reference)),
    };

    /// <summary>The value as the input function of its type reads it.</summary>
    public static string TextOf(JsonElement json, string typeName, string reference)
    {
        if (TypeNames.IsJson(typeName))
            return JsonText.Compact(json);
        return json.ValueKind == JsonValueKind.Array && TypeNames.ElementOf(typeName) is { } elementType
            ? ArrayLiteral.Write(json, elementType, reference)
            : JsonText.Plain(json, reference);
    }
}
