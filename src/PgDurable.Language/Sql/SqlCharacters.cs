namespace PgDurable.Sql;

/// <summary>PostgreSQL's character classes. Every character above ASCII may be part of a name.</summary>
internal static class SqlCharacters
{
    public static bool IsSpace(char c) => c is ' ' or '\t' or '\n' or '\r' or '\f' or '\v';

    public static bool IsLineEnd(char c) => c is '\n' or '\r';

    public static bool IsDigit(char c) => c is >= '0' and <= '9';

    public static bool IsHexDigit(char c) => IsDigit(c) || c is (>= 'a' and <= 'f') or (>= 'A' and <= 'F');

    public static bool IsNameStart(char c) => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or '_' or >= '\u0080';

    /// <summary>A character of a dollar quote's tag: a name without dollars.</summary>
    public static bool IsTagPart(char c) => IsNameStart(c) || IsDigit(c);

    public static bool IsNamePart(char c) => IsTagPart(c) || c == '$';

    public static bool IsOperator(char c) =>
        c is '~' or '!' or '@' or '#' or '^' or '&' or '|' or '`' or '?' or '+' or '-' or '*' or '/' or '%' or '<' or '>' or '=';
}
