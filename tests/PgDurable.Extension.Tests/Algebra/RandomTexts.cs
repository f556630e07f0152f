using System.Globalization;

namespace PgDurable.Extension.Tests.Algebra;

/// <summary>Texts that are hard to quote, and the ways to quote them.</summary>
internal sealed class RandomTexts(Random random)
{
    private static readonly string[] Pieces =
    [
        "SELECT 1", "UPDATE t SET a = 1", "it's", "''", "\"quoted\"", "back\\slash", "\\", "\\'", "\\u0041", "$$", "$tag$ x $tag$", "$q$",
        "$a.b", "$a?", "$", "{name}", "{", "}", "ünïcödé", "漢字", "🐘", "e\u0301", "\u00a0", "\u2028", "\n", "\r\n", "\t", "\b\f",
        "\u0001\u001f", "\u007f", "</script>", "&", "~>", "|=>", "--", "/*", "OK", "NULL", ";", " ", "/", "%s", "%", "_",
    ];

    public T Pick<T>(params ReadOnlySpan<T> items) => items[random.Next(items.Length)];

    public bool OneIn(int n) => random.Next(n) == 0;

    public string Text()
    {
        var text = string.Concat(Enumerable.Range(0, random.Next(5)).Select(_ => Pieces[random.Next(Pieces.Length)]));
        return OneIn(12) ? string.Concat(Enumerable.Repeat(text.Length == 0 ? "x" : text, 30)) : text;
    }

    /// <summary>A text that is never empty.</summary>
    public string Word() => "w" + Text();

    public string Name() => Pick("a", "b", "_c", "Total_9", "item");

    public string Quote(string text)
    {
        if (!text.Contains('$', StringComparison.Ordinal) && OneIn(3))
            return $"$q${text}$q$";
        return text.Contains('\\', StringComparison.Ordinal) || OneIn(4)
            ? "E'" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal) + "'"
            : "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";
    }

    public decimal Number(int high)
    {
        var number = new decimal(random.Next(), 0, 0, false, (byte)random.Next(10)) % high;
        return OneIn(3) ? Math.Truncate(number) : OneIn(3) ? Math.Truncate(number) + 0.500m : number;
    }

    public string Json(int depth = 3)
    {
        var blank = Pick("", " ", "\n\t");
        return blank + (depth == 0 ? Scalar() : random.Next(4) switch
        {
            0 => "[" + string.Join("," + blank, Enumerable.Range(0, random.Next(4)).Select(_ => Json(depth - 1))) + blank + "]",
            1 or 2 =>
                "{" + string.Join(",", Enumerable.Range(0, random.Next(5)).Select(_ => $"{blank}{JsonString()}:{Json(depth - 1)}")) + "}",
            _ => Scalar(),
        }) + blank;
    }

    private string Scalar() => random.Next(5) switch
    {
        0 => Pick("true", "false", "null"),
        1 => Pick("0", "-0", "-0.00", "1.50", "1e3", "1.50E+1", "-12.5e-3", "123456789012345678901234567890.5", "0e9", "1e-7",
            "100e-2", "9.99e20"),
        2 => random.Next().ToString(CultureInfo.InvariantCulture),
        _ => JsonString(),
    };

    // With the escapes that jsonb undoes.
    private string JsonString() => OneIn(4)
        ? Pick("\"\\u00e9\\/\"", "\"a\"", "\"aa\"", "\"b\"", "\"\\ud83d\\udc18\"", "\"$a.b\"")
        : System.Text.Json.JsonSerializer.Serialize(Text());
}
