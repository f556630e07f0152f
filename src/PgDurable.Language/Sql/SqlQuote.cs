using System.Text;

namespace PgDurable.Sql;

/// <summary>Writes values into SQL text. Nothing else in the product may.</summary>
internal static class SqlQuote
{
    /// <summary>A literal for the value. Its meaning doesn't depend on <c>standard_conforming_strings</c>.</summary>
    /// <exception cref="ArgumentException">The value contains NUL, which PostgreSQL can't store.</exception>
    public static string Literal(string value) => AppendLiteral(new StringBuilder(value.Length + 2), value).ToString();

    /// <summary>A quoted identifier.</summary>
    /// <exception cref="ArgumentException">The name is empty or contains NUL.</exception>
    public static string Identifier(string name)
    {
        if (name.Length == 0)
            throw new ArgumentException("A name can't be empty.", nameof(name));
        var target = new StringBuilder(name.Length + 2).Append('"');
        AppendBody(target, name, SqlTokenKind.QuotedIdentifier);
        return target.Append('"').ToString();
    }

    /// <summary>Appends <see cref="Literal"/>.</summary>
    public static StringBuilder AppendLiteral(StringBuilder target, string value)
    {
        // E'…' only where it matters: plain literals are easier to read in logs and errors.
        var kind = value.IndexOf('\\') < 0 ? SqlTokenKind.String : SqlTokenKind.EscapeString;
        if (kind == SqlTokenKind.EscapeString)
            target.Append('E');
        target.Append('\'');
        AppendBody(target, value, kind);
        return target.Append('\'');
    }

    /// <summary>Appends a value to the text between the quotes of a token of that kind.</summary>
    public static void AppendBody(StringBuilder target, string value, SqlTokenKind kind)
    {
        if (value.IndexOf('\0') >= 0)
            throw new ArgumentException("PostgreSQL can't store the character NUL.", nameof(value));
        var quote = kind == SqlTokenKind.QuotedIdentifier ? '"' : '\'';
        var written = 0;
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] != quote && (value[i] != '\\' || kind != SqlTokenKind.EscapeString))
                continue;
            // The character goes out twice: once with what precedes it, once with what follows.
            target.Append(value, written, i + 1 - written);
            written = i;
        }
        target.Append(value, written, value.Length - written);
    }
}
