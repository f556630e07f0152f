using System.Text.Json;

namespace PgDurable.Testing.Constants;

/// <content>The operators of JSON.</content>
internal sealed partial class ExpressionReader
{
    private static SqlValue Member(SqlValue holder, SqlValue key, bool asText)
    {
        if (holder.IsAny || key.IsAny)
            return SqlValue.Any;
        var type = asText ? "text" : holder.Type == "json" ? "json" : "jsonb";
        if (holder.IsNull || key.IsNull)
            return new SqlValue(type, null);
        if (holder.Value is not JsonElement json)
            throw new NotConstantException();
        // A jsonb that is no object behaves like an array.
        if (key.Value is decimal && json.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object))
            throw new NotConstantException();
        JsonElement? member = key.Value switch
        {
            decimal index => json.ValueKind == JsonValueKind.Array && Index(json, (int)index) is { } at ? json[at] : null,
            string name => json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var found) ? found : null,
            _ => null,
        };
        return Json(member, type, asText);
    }

    private static SqlValue Descend(SqlValue holder, SqlValue path, bool asText)
    {
        if (holder.IsAny || path.IsAny)
            return SqlValue.Any;
        if (path.Value is not string list || !list.StartsWith('{') || list.Contains('"'))
            throw new NotConstantException();
        foreach (var name in list[1..^1].Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var isIndex = holder.Value is JsonElement { ValueKind: JsonValueKind.Array };
            holder = Member(holder, isIndex ? new SqlValue("unknown", name).Cast("int4") : SqlValue.Text(name), asText: false);
        }
        if (holder.IsAny)
            return SqlValue.Any;
        return Json(holder.Value is JsonElement json ? json : holder.IsNull ? null : throw new NotConstantException(), holder.Type, asText);
    }

    private static SqlValue Json(JsonElement? member, string type, bool asText)
    {
        if (member is not { } json)
            return new SqlValue(asText ? "text" : type, null);
        if (json.ValueKind == JsonValueKind.String && json.GetString() == SqlValue.AnyText)
            return SqlValue.Any;
        if (!asText)
            return new SqlValue(type, json);
        return json.ValueKind switch
        {
            JsonValueKind.Null => SqlValue.Text(null),
            JsonValueKind.String => SqlValue.Text(json.GetString()),
            _ => SqlValue.Text(json.GetRawText()),
        };
    }

    private static int? Index(JsonElement array, int index)
    {
        var length = array.GetArrayLength();
        if (index < 0)
            index += length;
        return index >= 0 && index < length ? index : null;
    }
}
