namespace PgDurable.Sql;

internal sealed partial class SqlLexer
{
    SqlToken ReadNumber(int start)
    {
        var end = start;
        if (_sql[start] == '0' && At(start + 1) is ('x' or 'X' or 'o' or 'O' or 'b' or 'B'))
        {
            end = Digits(start + 2, hex: true);
            if (end > start + 2)
                return new SqlToken(SqlTokenKind.Number, start, end);
            end = start;
        }
        end = Digits(end, hex: false);
        // Two dots are a range, as in 1..10.
        if (At(end) == '.' && At(end + 1) != '.')
            end = Digits(end + 1, hex: false);
        if (At(end) is 'e' or 'E')
        {
            var exponent = At(end + 1) is '+' or '-' ? end + 2 : end + 1;
            if (SqlCharacters.IsDigit(At(exponent)))
                end = Digits(exponent, hex: false);
        }
        return new SqlToken(SqlTokenKind.Number, start, end);
    }

    int Digits(int position, bool hex)
    {
        bool IsDigit(char c) => hex ? SqlCharacters.IsHexDigit(c) : SqlCharacters.IsDigit(c);
        while (IsDigit(At(position)) || (At(position) == '_' && IsDigit(At(position + 1))))
            position++;
        return position;
    }

    SqlToken ReadOperator(int start)
    {
        var end = start + 1;
        while (SqlCharacters.IsOperator(At(end)) && !StartsComment(end))
            end++;
        // So that `a=-1` is `=` and `-`: a longer operator ends in a sign only when it has one of these characters.
        while (end - start > 1 && _sql[end - 1] is ('+' or '-') && !HasUnusualCharacter(start, end - 1))
            end--;
        return new SqlToken(SqlTokenKind.Operator, start, end);
    }

    bool StartsComment(int position) =>
        (_sql[position] == '-' && At(position + 1) == '-') || (_sql[position] == '/' && At(position + 1) == '*');

    bool HasUnusualCharacter(int start, int end)
    {
        for (var i = start; i < end; i++)
        {
            if (_sql[i] is '~' or '!' or '@' or '#' or '^' or '&' or '|' or '`' or '?' or '%')
                return true;
        }
        return false;
    }

    SqlToken ReadPunctuation(int start, char c)
    {
        var next = At(start + 1);
        var length = (c == ':' && next is (':' or '=')) || (c == '.' && next == '.') ? 2 : 1;
        var kind = c is ',' or '.' or '[' or ']' or ':' ? SqlTokenKind.Punctuation : SqlTokenKind.Other;
        return new SqlToken(kind, start, start + length);
    }
}
