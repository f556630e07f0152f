using System.Text;
using System.Text.Json;

namespace PgDurable.Worker.Engine.Substitution;

/// <summary>A JSON array in PostgreSQL's array syntax: <c>{1,NULL,"a b"}</c>.</summary>
internal static class ArrayLiteral
{
    public static string Write(JsonElement array, string elementType, string reference)
    {
        var target = new StringBuilder();
        Append(target, array, elementType, reference);
        return target.ToString();
    }

    static void Append(StringBuilder target, JsonElement array, string elementType, string reference)
    {
        var delimiter = TypeNames.DelimiterOf(elementType);
        target.Append('{');
        var isFirst = true;
        foreach (var element in array.EnumerateArray())
        {
            if (!isFirst)
                target.Append(delimiter);
            isFirst = false;
            AppendElement(target, element, elementType, reference);
        }
        target.Append('}');
    }

    static void AppendElement(StringBuilder target, JsonElement element, string elementType, string reference)
    {
        if (element.ValueKind == JsonValueKind.Null)
            target.Append("NULL");
        else if (TypeNames.IsJson(elementType))
            // An inner array is an element here, not a dimension: json has no dimensions to tell them apart.
            AppendQuoted(target, JsonText.Of(element, elementType));
        else if (element.ValueKind == JsonValueKind.Array)
            Append(target, element, elementType, reference);
        else if (element.ValueKind is JsonValueKind.String or JsonValueKind.Object)
            AppendQuoted(target, JsonText.Plain(element, reference));
        else
            target.Append(JsonText.Plain(element, reference));
    }

    static void AppendQuoted(StringBuilder target, string text)
    {
        target.Append('"');
        foreach (var c in text)
        {
            if (c is '"' or '\\')
                target.Append('\\');
            target.Append(c);
        }
        target.Append('"');
    }
}
