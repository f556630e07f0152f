using System.Globalization;
using System.Text;

namespace PgDurable.Graph;

/// <summary>Writes a node's settings as the JSON object that the SQL composers write.</summary>
internal sealed class ConfigText
{
    private readonly StringBuilder _text = new("{");

    public ConfigText Add(string key, string? value)
    {
        Key(key);
        if (value is null)
            _text.Append("null");
        else
            GraphWriter.AppendString(_text, value);
        return this;
    }

    /// <summary>A number without trailing zeros, as <c>trim_scale</c> writes it.</summary>
    public ConfigText Add(string key, decimal? value) =>
        AddJson(key, value?.ToString("0.############################", CultureInfo.InvariantCulture));

    public ConfigText Add(string key, TimeSetting? time) =>
        time is { Reference: { } reference } ? Add(key, reference) : Add(key, time?.Seconds);

    /// <summary>A flag; left out if it is false.</summary>
    public ConfigText AddFlag(string key, bool value) => value ? AddJson(key, "true") : this;

    public ConfigText AddJson(string key, string? json)
    {
        Key(key);
        _text.Append(json ?? "null");
        return this;
    }

    public ConfigText AddList(string key, IReadOnlyCollection<string>? values)
    {
        Key(key);
        if (values is null)
        {
            _text.Append("null");
            return this;
        }
        var separator = '[';
        foreach (var value in values)
        {
            _text.Append(separator);
            GraphWriter.AppendString(_text, value);
            separator = ',';
        }
        _text.Append(separator == '[' ? "[]" : "]");
        return this;
    }

    public override string ToString() => _text + "}";

    private void Key(string key)
    {
        if (_text.Length > 1)
            _text.Append(',');
        _text.Append('"').Append(key).Append("\":");
    }
}
