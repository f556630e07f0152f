using System.Text.Json;

namespace PgDurable.Worker.Engine;

/// <summary>
/// The values of a column that JSON can't represent: JSON's null, which is not SQL's NULL, arrays with explicit bounds, and years BC. By
/// row, in PostgreSQL's text form.
/// </summary>
internal sealed class ExactTexts(IReadOnlyDictionary<int, string> byRow)
{
    public string? Of(int row) => byRow.GetValueOrDefault(row);

    /// <summary>The value of a single row.</summary>
    public ExactTexts? Only(int row) => Of(row) is { } text ? new ExactTexts(new Dictionary<int, string> { [0] = text }) : null;

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        foreach (var (row, text) in byRow)
            json.WriteString(row.ToString(System.Globalization.CultureInfo.InvariantCulture), text);
        json.WriteEndObject();
    }

    public static ExactTexts Read(JsonElement json) => new(json.EnumerateObject().ToDictionary(
        member => int.Parse(member.Name, System.Globalization.CultureInfo.InvariantCulture), member => member.Value.GetString()!));

    public override bool Equals(object? obj) =>
        obj is ExactTexts other && ReferenceEquals(this, other) || obj is ExactTexts same && AsPairs().SequenceEqual(same.AsPairs());

    public override int GetHashCode() => byRow.Count;

    private IEnumerable<KeyValuePair<int, string>> AsPairs() => byRow.OrderBy(pair => pair.Key);
}
