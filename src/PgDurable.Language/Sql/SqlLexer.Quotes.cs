namespace PgDurable.Sql;

internal sealed partial class SqlLexer
{
    SqlToken ReadQuoted(SqlTokenKind kind, int start, int contentStart, bool isContinuation = false)
    {
        var quote = kind is SqlTokenKind.QuotedIdentifier or SqlTokenKind.UnicodeIdentifier ? '"' : '\'';
        var position = contentStart;
        while (position < _sql.Length)
        {
            var c = _sql[position];
            if (c == '\\' && kind == SqlTokenKind.EscapeString)
                position += 2;
            else if (c != quote)
                position++;
            else if (At(position + 1) == quote)
                position += 2;
            else
                return new SqlToken(kind, start, position + 1, contentStart, position, isContinuation, null);
        }
        // A backslash at the very end must not point past the end.
        var end = _sql.Length;
        return new SqlToken(kind, start, end, contentStart, end, isContinuation, Unterminated(kind));
    }

    static string Unterminated(SqlTokenKind kind) => kind switch
    {
        SqlTokenKind.QuotedIdentifier or SqlTokenKind.UnicodeIdentifier => "unterminated quoted identifier",
        SqlTokenKind.BitString => "unterminated bit string literal",
        SqlTokenKind.HexString => "unterminated hexadecimal string literal",
        _ => "unterminated quoted string",
    };

    SqlToken ReadDollar(int start)
    {
        if (SqlCharacters.IsDigit(At(start + 1)))
            return Run(SqlTokenKind.Parameter, start, SqlCharacters.IsDigit);

        var tagEnd = start + 1;
        if (SqlCharacters.IsNameStart(At(tagEnd)))
        {
            while (SqlCharacters.IsTagPart(At(tagEnd)))
                tagEnd++;
        }
        if (At(tagEnd) != '$')
            return new SqlToken(SqlTokenKind.Dollar, start, start + 1);

        var contentStart = tagEnd + 1;
        var delimiter = _sql.Substring(start, contentStart - start);
        var contentEnd = _sql.IndexOf(delimiter, contentStart, StringComparison.Ordinal);
        if (contentEnd >= 0)
            return new SqlToken(SqlTokenKind.DollarString, start, contentEnd + delimiter.Length, contentStart, contentEnd, false, null);
        var end = _sql.Length;
        return new SqlToken(SqlTokenKind.DollarString, start, end, contentStart, end, false, "unterminated dollar-quoted string");
    }

    SqlToken ReadBlockComment(int start)
    {
        var depth = 1;
        var position = start + 2;
        while (position < _sql.Length)
        {
            var c = _sql[position];
            var next = At(position + 1);
            if (c == '/' && next == '*')
            {
                depth++;
                position += 2;
            }
            else if (c == '*' && next == '/')
            {
                position += 2;
                if (--depth == 0)
                    return new SqlToken(SqlTokenKind.BlockComment, start, position);
            }
            else
            {
                position++;
            }
        }
        var end = _sql.Length;
        return new SqlToken(SqlTokenKind.BlockComment, start, end, start, end, false, "unterminated /* comment");
    }
}
