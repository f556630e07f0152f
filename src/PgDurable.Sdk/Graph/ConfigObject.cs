using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace PgDurable.Graph;

/// <summary>
/// Reads a node's settings. It refuses what the SQL function <c>df._config_problem</c> refuses, with the same messages.
/// </summary>
internal readonly struct ConfigObject(JsonElement root)
{
    public bool Has(string key) => root.TryGetProperty(key, out _);

    // Undefined if there are no settings.
    public bool IsGiven(string key) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>A string, or null if the setting is missing or isn't a string.</summary>
    public string? Text(string key) =>
        root.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A string, or null if the setting is missing.</summary>
    /// <exception cref="FormatException">The setting has another type.</exception>
    public string? OptionalText(string key, string problem) => IsGiven(key) ? Text(key) ?? throw new FormatException(problem) : null;

    public bool IsTrue(string key) => IsGiven(key) && root.GetProperty(key).ValueKind == JsonValueKind.True;

    /// <summary>A boolean; false if the setting is missing.</summary>
    /// <exception cref="FormatException">The setting has another type.</exception>
    public bool OptionalFlag(string key, string problem) => IsGiven(key) && root.GetProperty(key).ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw new FormatException(problem),
    };

    /// <summary>A value of any type as messages show it; empty if the setting is missing.</summary>
    public string Shown(string key) => !IsGiven(key) ? "" : Text(key) ?? JsonbText.Write(root.GetProperty(key));

    /// <summary>A boolean, or null if the value isn't one.</summary>
    public bool? Flag(string key) =>
        root.GetProperty(key).ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null };

    /// <summary>A value that must be there.</summary>
    public JsonElement Value(string key) => root.GetProperty(key);

    /// <summary>Whether any option of <c>df.with_http_options</c> is set.</summary>
    public bool HasHttpOptions =>
        Has("max_request_bytes") || Has("max_response_bytes") || Has("response") || Has("response_headers") || Has("into")
        || Has("secret_bindings") || Has("form_fields");

    public string? Json(string key) => IsGiven(key) ? root.GetProperty(key).GetRawText() : null;

    public int? OptionalInteger(string key, int low, int high) => IsGiven(key) ? Integer(key, low, high) : null;

    public int Integer(string key, int low, int high) => NumberIn(key, low, high, isWhole: true) is { } number
        ? (int)number
        : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{key} must be a whole number from {low} to {high}"));

    public double Number(string key, int low, int high) => NumberIn(key, low, high, isWhole: false) is { } number
        ? (double)number
        : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{key} must be a number from {low} to {high}"));

    /// <summary>The time limit of a wait for a signal.</summary>
    public WaitTime SignalTimeout()
    {
        if (WaitTime.IsReference(Text("timeout_seconds")))
            return new(0, Text("timeout_seconds"));
        if (NumberIn("timeout_seconds", decimal.MinValue, 0, isWhole: false) is not null)
            throw new FormatException("Timeout must be positive");
        return NumberIn("timeout_seconds", 0.001m, Limits.MaxWaitSeconds, isWhole: false) is { } seconds
            ? new((double)seconds)
            : throw new FormatException(string.Create(
                CultureInfo.InvariantCulture, $"timeout_seconds must be a number from 0.001 to {Limits.MaxWaitSeconds}"));
    }

    /// <summary>The delay of a retry.</summary>
    public WaitTime Delay() => WaitTime.IsReference(Text("delay_seconds"))
        ? new(0, Text("delay_seconds"))
        : new(Number("delay_seconds", 0, Limits.MaxDelaySeconds));

    /// <summary>A positive integer: the seconds of a request.</summary>
    public int TimeoutSeconds() =>
        NumberIn("timeout_seconds", decimal.MinValue, 0, isWhole: false) is null
            ? Integer("timeout_seconds", 1, Limits.MaxWaitSeconds)
            : throw new FormatException("Timeout must be positive");

    /// <summary>The number, or null if it isn't one or is out of range.</summary>
    public decimal? NumberIn(string key, decimal low, decimal high, bool isWhole)
    {
        if (!root.TryGetProperty(key, out var value) || value.ValueKind != JsonValueKind.Number)
            return null;
        var text = JsonbText.Number(value.GetRawText());
        return decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) && number >= low && number <= high
            && !(isWhole && text.Contains('.', StringComparison.Ordinal))
            ? number
            : null;
    }

    /// <summary>The items of a list, or null if the setting is missing.</summary>
    /// <exception cref="FormatException">The setting is not a list, or the list is empty.</exception>
    public ImmutableArray<JsonElement>? OptionalList(string key, string problem)
    {
        if (!IsGiven(key))
            return null;
        var value = root.GetProperty(key);
        return value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0
            ? [.. value.EnumerateArray()]
            : throw new FormatException(problem);
    }

    public ImmutableArray<KeyValuePair<string, string>> Headers()
    {
        if (!IsGiven("headers"))
            return [];
        var value = root.GetProperty("headers");
        if (value.ValueKind != JsonValueKind.Object)
            throw new FormatException("headers must be a JSON object of strings");
        foreach (var header in value.EnumerateObject())
        {
            if (header.Value.ValueKind != JsonValueKind.String)
                throw new FormatException($"header '{header.Name}' must be a string, not {TypeName(header.Value)}");
        }
        return [.. value.EnumerateObject().Select(header => KeyValuePair.Create(header.Name, header.Value.GetString()!))];
    }

    public ImmutableArray<NodeConfig.Part> Parts()
    {
        if (!IsGiven("parts"))
            throw new FormatException("parts is required and cannot be NULL");
        var value = root.GetProperty("parts");
        if (value.ValueKind != JsonValueKind.Array)
            throw new FormatException("parts must be a JSON array of part objects");
        if (value.GetArrayLength() == 0)
            throw new FormatException("parts must contain at least one part");
        var parts = ImmutableArray.CreateBuilder<NodeConfig.Part>();
        foreach (var item in value.EnumerateArray())
        {
            var where = string.Create(CultureInfo.InvariantCulture, $"Invalid multipart HTTP config: part {parts.Count + 1}");
            if (item.ValueKind != JsonValueKind.Object)
                throw new FormatException($"{where} must be an object");
            var part = new ConfigObject(item);
            var name = part.Text("name") ?? throw NoString("name");
            var data = part.Text("data_b64") ?? throw NoString("data_b64");
            var fileName = part.IsGiven("filename") ? part.Text("filename") ?? throw NoString("filename") : null;
            var contentType = part.IsGiven("content_type") ? part.Text("content_type") ?? throw NoString("content_type") : null;
            parts.Add(new NodeConfig.Part(name, fileName, contentType, data));

            FormatException NoString(string key) => new($"{where}: {key} must be a string");
        }
        return parts.ToImmutable();
    }

    private static string TypeName(JsonElement value) =>
        value.ValueKind is JsonValueKind.True or JsonValueKind.False ? "boolean" : value.ValueKind.ToString().ToLowerInvariant();
}
