using System.Globalization;
using System.Text.Json;

namespace PgDurable.Worker.Engine;

/// <summary>What counts as true: for rows, the first column of the first row; otherwise the whole value.</summary>
internal static class Truthiness
{
    public static bool Of(StepResult result)
    {
        try
        {
            var root = result.Root;
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("rows", out var rows)
                && rows.ValueKind == JsonValueKind.Array)
            {
                if (rows.GetArrayLength() == 0)
                    return false;
                if (rows[0].ValueKind == JsonValueKind.Object)
                    foreach (var column in rows[0].EnumerateObject())
                        return Of(column.Value);
            }
            return Of(root);
        }
        catch (JsonException)
        {
            return Of(result.Json);
        }
    }

    private static bool Of(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.Number => IsNotZero(value.GetRawText()),
        JsonValueKind.String => OfString(value),
        JsonValueKind.Array => value.GetArrayLength() > 0,
        JsonValueKind.Object => value.EnumerateObject().Any(),
        _ => false,
    };

    private static bool OfString(JsonElement value)
    {
        try
        {
            return Of(value.GetString()!);
        }
        catch (InvalidOperationException)
        {
            return true; // half of a surrogate pair: not one of the words that mean false
        }
    }

    private static bool Of(string text)
    {
        var trimmed = text.Trim().ToLowerInvariant();
        return trimmed switch
        {
            "" or "false" or "f" or "no" => false,
            "true" or "t" or "yes" => true,
            _ => !double.TryParse(trimmed, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                || !double.IsFinite(number)
                || IsNotZero(trimmed),
        };
    }

    /// <summary>Looks at the digits: a double can't hold every number, and turns very small ones into 0.</summary>
    private static bool IsNotZero(string number)
    {
        var exponent = number.AsSpan().IndexOfAny('e', 'E');
        return (exponent < 0 ? number : number.AsSpan(0, exponent)).ContainsAnyInRange('1', '9');
    }
}
