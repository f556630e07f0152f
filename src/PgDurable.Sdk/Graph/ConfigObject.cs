using System.Collections.Immutable;
using System.Text.Json;

namespace PgDurable.Graph;

/// <summary>Reads a node's settings, with errors that name the setting.</summary>
internal readonly struct ConfigObject
{
    private readonly NodeKind _kind;
    private readonly JsonElement _root;

    public ConfigObject(NodeKind kind, JsonElement root)
    {
        (_kind, _root) = (kind, root);
        if (root.ValueKind != JsonValueKind.Object) throw new FormatException($"query in {NodeKinds.Name(kind)} must be a JSON config object");
    }

    public bool Has(string key) => _root.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null;

    public string Text(string key) => OptionalText(key) ?? throw Missing(key, "a string");

    public string? OptionalText(string key)
    {
        if (!Has(key)) return null;
        var value = _root.GetProperty(key);
        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw Missing(key, "a string");
    }

    public string? OptionalJson(string key) => Has(key) ? _root.GetProperty(key).GetRawText() : null;

    public int Integer(string key, int low, int high) => OptionalInteger(key, low, high) ?? throw Missing(key, $"a whole number from {low} to {high}");

    public int? OptionalInteger(string key, int low, int high)
    {
        if (!Has(key)) return null;
        var value = _root.GetProperty(key);
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= low && number <= high
            ? number
            : throw Missing(key, $"a whole number from {low} to {high}");
    }

    public double Number(string key, double low, double high, double? otherwise)
    {
        if (!Has(key)) return otherwise ?? throw Missing(key, "a number");
        var value = _root.GetProperty(key);
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= low && number <= high
            ? number
            : throw Missing(key, $"a number from {low} to {high}");
    }

    public ImmutableArray<string>? OptionalTexts(string key)
    {
        if (!Has(key)) return null;
        var value = _root.GetProperty(key);
        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String))
            throw Missing(key, "an array of strings");
        return [.. value.EnumerateArray().Select(item => item.GetString()!)];
    }

    public ImmutableArray<KeyValuePair<string, string>> Headers()
    {
        if (!Has("headers")) return [];
        var value = _root.GetProperty("headers");
        if (value.ValueKind != JsonValueKind.Object || value.EnumerateObject().Any(header => header.Value.ValueKind != JsonValueKind.String))
            throw Missing("headers", "an object whose values are strings");
        return [.. value.EnumerateObject().Select(header => KeyValuePair.Create(header.Name, header.Value.GetString()!))];
    }

    public ImmutableArray<NodeConfig.Part> Parts()
    {
        if (!Has("parts") || _root.GetProperty("parts").ValueKind != JsonValueKind.Array) throw Missing("parts", "an array of objects");
        var parts = ImmutableArray.CreateBuilder<NodeConfig.Part>();
        foreach (var item in _root.GetProperty("parts").EnumerateArray())
        {
            var part = new ConfigObject(_kind, item);
            parts.Add(new NodeConfig.Part(part.Text("name"), part.OptionalText("filename"), part.OptionalText("content_type"), part.Text("data_b64")));
        }
        return parts.ToImmutable();
    }

    private FormatException Missing(string key, string what) => new($"{NodeKinds.Name(_kind)} nodes need {key}, {what}");
}
