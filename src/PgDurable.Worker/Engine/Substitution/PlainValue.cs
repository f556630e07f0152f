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
        if (value.TypeName is not null)
            AppendParenthesised(target, value, reference);
        else if (json.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
            AppendParenthesised(target, value with { TypeName = TypeNames.Jsonb }, reference);
        else if (isolate || (json.ValueKind == JsonValueKind.Number && json.GetRawText()[0] == '-'))
            AppendBare(target.Append('('), json, reference).Append(')');
        else
            AppendBare(target, json, reference);
    }

    /// <summary>Appends the value with its type, or with the one that SQL infers when none is given.</summary>
    public static StringBuilder AppendCast(StringBuilder target, in ReferenceValue value, string reference)
    {
        if (value.TypeName is not { } typeName)
            return AppendBare(target, value.Json, reference);
        if (value.IsNull)
            target.Append("NULL");
        else
            SqlQuote.AppendLiteral(target, TextOf(value, typeName, reference));
        return target.Append("::").Append(typeName);
    }

    static void AppendParenthesised(StringBuilder target, in ReferenceValue value, string reference) =>
        AppendCast(target.Append('('), value, reference).Append(')');

    static StringBuilder AppendBare(StringBuilder target, JsonElement json, string reference) => json.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => target.Append("NULL"),
        // Without a cast: what stands around it decides whether it is a text, a uuid or a date.
        JsonValueKind.String => SqlQuote.AppendLiteral(target, JsonText.Plain(json, reference)),
        _ => target.Append(JsonText.Plain(json, reference)),
    };

    /// <summary>The value as the input function of its type reads it.</summary>
    public static string TextOf(in ReferenceValue value, string typeName, string reference)
    {
        var json = value.Json;
        if (value.Exact is { } exact)
            return exact;
        if (TypeNames.IsJson(typeName))
            return JsonText.Of(json, typeName);
        return json.ValueKind == JsonValueKind.Array && TypeNames.ElementOf(typeName) is { } elementType
            ? ArrayLiteral.Write(json, elementType, reference)
            : JsonText.Plain(json, reference);
    }
}
