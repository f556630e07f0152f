using System.Text;
using PgDurable.Sql;

namespace PgDurable.Engine.Tests.Sql;

static class LexerTestExtensions
{
    public static List<SqlToken> Lex(string sql)
    {
        var tokens = new List<SqlToken>();
        var lexer = new SqlLexer(sql);
        while (lexer.Read(out var token))
            tokens.Add(token);
        return tokens;
    }

    /// <summary>Kinds and texts without the blanks: <c>Identifier:SELECT Number:1</c>.</summary>
    public static string Describe(string sql) => string.Join(
        ' ', Lex(sql).Where(token => token.Kind != SqlTokenKind.Whitespace).Select(token => $"{token.Kind}:{token.TextIn(sql)}"));

    /// <summary>The value that a quoted token stands for.</summary>
    public static string Decode(this SqlToken token, string sql)
    {
        var content = sql[token.ContentStart..token.ContentEnd];
        return token.Kind switch
        {
            SqlTokenKind.QuotedIdentifier => content.Replace("\"\"", "\""),
            SqlTokenKind.EscapeString => DecodeEscapes(content),
            SqlTokenKind.DollarString => content,
            _ => content.Replace("''", "'"),
        };
    }

    static string DecodeEscapes(string content)
    {
        var value = new StringBuilder();
        for (var i = 0; i < content.Length; i++)
        {
            if (content[i] == '\'')
                i++;
            if (content[i] != '\\')
            {
                value.Append(content[i]);
                continue;
            }
            i++;
            if (content[i] == 'x')
            {
                var digits = 0;
                while (digits < 2 && i + 1 + digits < content.Length && char.IsAsciiHexDigit(content[i + 1 + digits]))
                    digits++;
                value.Append((char)Convert.ToInt32(content.Substring(i + 1, digits), 16));
                i += digits;
            }
            else if (content[i] is >= '0' and <= '7')
            {
                var digits = 1;
                while (digits < 3 && i + digits < content.Length && content[i + digits] is >= '0' and <= '7')
                    digits++;
                value.Append((char)Convert.ToInt32(content.Substring(i, digits), 8));
                i += digits - 1;
            }
            else
            {
                value.Append(content[i] switch { 'n' => '\n', 't' => '\t', _ => content[i] });
            }
        }
        return value.ToString();
    }
}
