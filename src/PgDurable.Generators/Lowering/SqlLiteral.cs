using System.Globalization;
using System.Text;
using PgDurable.Generators.Parsing;
using PgDurable.Sql;

namespace PgDurable.Generators.Lowering;

/// <summary>Writes a constant as SQL, in the form that its place in the text needs.</summary>
internal static class SqlLiteral
{
    /// <summary>Returns what is wrong, or null.</summary>
    public static string? TryWrite(Constant constant, SqlPlace place, out string sql)
    {
        var text = constant.EnumMember ?? TextOf(constant.Value);
        sql = "";
        switch (place)
        {
            case var _ when text is not null && text.IndexOf('\0') >= 0:
                return "PostgreSQL can't store the character NUL";
            case SqlPlace.Plain:
                sql = Plain(constant, text);
                return null;
            case SqlPlace.Name:
                return TryWriteName(constant.Value as string, out sql);
            case SqlPlace.EscapeLiteral when text is not null:
                sql = Escaped(text);
                return null;
            case SqlPlace.Literal or SqlPlace.Identifier when text is not null && text.IndexOfAny(['$', '{']) >= 0:
                return "'$' and '{' in quotes would be read as references; put the interpolation outside the quotes";
            case SqlPlace.Literal when text is not null && text.IndexOf('\\') >= 0:
                return "what a backslash in quotes means depends on the server's settings; put the interpolation outside the quotes";
            case SqlPlace.Literal when text is not null:
                sql = Body(text, SqlTokenKind.String);
                return null;
            case SqlPlace.Identifier when text is not null:
                sql = Body(text, SqlTokenKind.QuotedIdentifier);
                return null;
            default:
                return "null has no text; put the interpolation outside the quotes";
        }
    }

    // `shop.orders` is two names.
    private static string? TryWriteName(string? text, out string sql)
    {
        var parts = text?.Split('.') ?? [];
        sql = "";
        if (parts.Length == 0 || !parts.All(part => part.Length > 0 && part.All(SqlCharacters.IsTagPart)))
        {
            return "SQL wants a name here; use a constant string such as \"orders\" or \"shop.orders\", and write everything else in the " +
                "SQL";
        }

        sql = string.Join(".", parts.Select(SqlQuote.Identifier));
        return null;
    }

    private static string Plain(Constant constant, string? text)
    {
        switch (constant.Value)
        {
            case null:
                return "NULL";
            case double or float:
                return $"'{text}'::{(constant.Value is double ? "float8" : "float4")}";
            case bool:
                return text!;
            case not (string or char) when constant.EnumMember is null:
                // `1 -{x}` must not become the comment `1 --5`.
                return text![0] == '-' ? $"({text})" : text;
        }

        // References inside literals are replaced too, and a constant must not be read as one.
        return text!.IndexOfAny(['$', '{']) >= 0 ? $"E'{Escaped(text)}'" : SqlQuote.Literal(text);
    }

    private static string Escaped(string text) =>
        Body(text, SqlTokenKind.EscapeString).Replace("$", "\\x24").Replace("{", "\\x7B");

    private static string Body(string text, SqlTokenKind kind)
    {
        var body = new StringBuilder(text.Length);
        SqlQuote.AppendBody(body, text, kind);
        return body.ToString();
    }

    private static string? TextOf(object? value) => value switch
    {
        bool flag => flag ? "true" : "false",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        float number => number.ToString("R", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value?.ToString(),
    };
}
