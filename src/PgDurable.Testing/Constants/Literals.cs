using System.Globalization;
using System.Text.RegularExpressions;
using PgDurable.Sql;

namespace PgDurable.Testing.Constants;

/// <summary>The texts of string literals.</summary>
internal static partial class Literals
{
    /// <exception cref="NotConstantException">The literal has an escape that isn't supported here.</exception>
    public static string Text(string sql, SqlToken token)
    {
        var content = sql[token.ContentStart..token.ContentEnd];
        return token.Kind switch
        {
            SqlTokenKind.DollarString => content,
            SqlTokenKind.String => content.Replace("''", "'", StringComparison.Ordinal),
            _ => Escape().Replace(content, match => Character(match.Value)),
        };
    }

    private static string Character(string escape) => escape switch
    {
        "''" or "\\'" => "'",
        "\\\\" => "\\",
        "\\b" => "\b",
        "\\f" => "\f",
        "\\n" => "\n",
        "\\r" => "\r",
        "\\t" => "\t",
        // Other bytes are parts of characters.
        ['\\', 'x', ..] when int.TryParse(escape.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
            && code is > 0 and < 128 => ((char)code).ToString(),
        _ => throw new NotConstantException(),
    };

    [GeneratedRegex(@"''|\\x[0-9A-Fa-f]{1,2}|\\.?", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Escape();
}
