using System.Globalization;
using PgDurable.Sql;

namespace PgDurable.Generators.Sql;

internal sealed partial class ExpressionReader
{
    private SqlExpression? ReadPrimary()
    {
        // A value without a name, or with the name of its cast.
        if (tokens.IsPlaceholder(Position))
        {
            Position++;
            return new(Naming.Weak, null, null);
        }

        switch (tokens.KindAt(Position))
        {
            case SqlTokenKind.Number:
                return TypeOfNumber(tokens.TextAt(Position++)) is { } type ? SqlExpression.Unnamed(type) : null;
            case SqlTokenKind.String or SqlTokenKind.EscapeString or SqlTokenKind.DollarString:
                Position++;
                return SqlExpression.Unnamed(SqlExpression.Untyped);
            case SqlTokenKind.OpenParenthesis:
                return ReadParentheses();
            case SqlTokenKind.Identifier:
                return ReadWord();
            case SqlTokenKind.QuotedIdentifier or SqlTokenKind.UnicodeIdentifier:
                return ReadReference();
            default:
                return null;
        }
    }

    // Other forms, such as 0x1F and 1_000, are numbers only on newer servers.
    private static string? TypeOfNumber(string text)
    {
        if (text.Any(c => c is not ((>= '0' and <= '9') or '.' or 'e' or 'E' or '+' or '-')))
            return null;
        if (text.Any(c => !SqlCharacters.IsDigit(c)))
            return "numeric";
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            return "integer";
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? "bigint" : "numeric";
    }

    private SqlExpression ReadParentheses()
    {
        var (open, close) = (Position, tokens.MatchOf(Position));
        Position = close + 1;
        if (queries.IsQuery(open + 1))
            return ReadIndirection(FirstColumn(queries.Read(open + 1, close)));

        var inner = new ExpressionReader(tokens, queries, open + 1, close) { _depth = _depth };
        var expression = inner.Read();
        if (tokens.IsSymbol(inner.Position, ",") && expression is not null)
            return ReadIndirection(SqlExpression.Firm("row", null));
        return ReadIndirection(expression is { } known && inner.Position == close ? known : SqlExpression.Unknown);
    }

    private static SqlExpression FirstColumn(SelectList list) =>
        list is { IsOpen: false, Columns.Count: > 0 } && list.Columns[0] is { Name: { } name } column
            ? SqlExpression.Firm(name, column.Type)
            : SqlExpression.Unknown;

    private SqlExpression ReadIndirection(SqlExpression expression)
    {
        while (Position < end)
        {
            if (tokens.IsSymbol(Position, "["))
            {
                Position = tokens.MatchOf(Position) + 1;
                expression = expression with { Type = null };
            }
            else if (tokens.IsSymbol(Position, ".") && tokens.IsName(Position + 1))
            {
                expression = SqlExpression.Firm(tokens.NameAt(Position + 1), null);
                Position += 2;
            }
            else if (tokens.IsSymbol(Position, ".") && tokens.IsSymbol(Position + 1, "*"))
            {
                HasStar = true;
                Position += 2;
            }
            else
            {
                break;
            }
        }

        return expression;
    }

    /// <summary>A column or a function call, with or without a schema.</summary>
    private SqlExpression? ReadReference()
    {
        var isOwn = !tokens.IsSymbol(Position + 1, ".") || tokens.NameAt(Position) == "pg_catalog";
        var name = tokens.NameAt(Position++);
        while (tokens.IsSymbol(Position, ".") && tokens.IsName(Position + 1))
        {
            name = tokens.NameAt(Position + 1);
            Position += 2;
        }

        if (!Parentheses())
            return ReadIndirection(SqlExpression.Firm(name, null));
        return ReadCall() ? SqlExpression.Firm(name, isOwn ? FunctionTypes.Of(name) : null) : null;
    }

    /// <summary>What may follow the arguments of an aggregate.</summary>
    private bool ReadCall()
    {
        if (tokens.IsWord(Position, "WITHIN") && tokens.IsWord(Position + 1, "GROUP"))
        {
            Position += 2;
            if (!Parentheses())
                return false;
        }

        if (tokens.IsWord(Position, "FILTER") && tokens.IsSymbol(Position + 1, "("))
            Position = tokens.MatchOf(Position + 1) + 1;
        if (!Word("OVER"))
            return true;
        if (Parentheses())
            return true;
        if (Position >= end || !tokens.IsName(Position))
            return false;
        Position++;
        return true;
    }
}
