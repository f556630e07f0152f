using PgDurable.Sql;

namespace PgDurable.Generators.Sql;

internal sealed partial class ExpressionReader
{
    private SqlExpression? ReadWord()
    {
        if (tokens.IsSymbol(Position + 1, "."))
            return ReadTypedLiteral() ?? ReadReference();

        var word = tokens.WordAt(Position)!;
        switch (word)
        {
            case "NULL":
                Position++;
                return SqlExpression.Unnamed(SqlExpression.Untyped);
            case "TRUE" or "FALSE":
                Position++;
                return SqlExpression.Unnamed(Boolean);
            case "CASE":
                Position++;
                return ReadCase();
            case "CAST" when tokens.IsSymbol(Position + 1, "("):
                return ReadCast();
            case "EXISTS" when tokens.IsSymbol(Position + 1, "("):
                return Skip(2, "exists", Boolean);
            case "ARRAY" when tokens.IsSymbol(Position + 1, "(") || tokens.IsSymbol(Position + 1, "["):
                return Skip(2, "array", null);
            case "ROW" when tokens.IsSymbol(Position + 1, "("):
                return Skip(2, "row", null) is { } row ? ReadIndirection(row) : null;
            case "COALESCE" or "GREATEST" or "LEAST" when tokens.IsSymbol(Position + 1, "("):
                return ReadAlternatives(word.ToLowerInvariant());
            case "TRIM" when tokens.IsSymbol(Position + 1, "("):
                return Skip(2, tokens.WordAt(Position + 2) switch { "LEADING" => "ltrim", "TRAILING" => "rtrim", _ => "btrim" }, null);
            case "COLLATION" when tokens.IsWord(Position + 1, "FOR") && tokens.IsSymbol(Position + 2, "("):
                return Skip(3, "pg_collation_for", null);
            case "TREAT" or "NORMALIZE" or "OVERLAY" or "XMLSERIALIZE" when tokens.IsSymbol(Position + 1, "("):
                Position = tokens.MatchOf(Position + 1) + 1;
                return SqlExpression.Unknown;
        }

        if (FunctionTypes.OfWord(word) is { } type)
        {
            Position++;
            _ = Parentheses();
            return SqlExpression.Firm(word.ToLowerInvariant(), type);
        }

        return ReadTypedLiteral() ?? ReadReference();
    }

    /// <summary>Takes words and the parentheses or brackets after them.</summary>
    private SqlExpression? Skip(int length, string name, string? type)
    {
        Position = tokens.MatchOf(Position + length - 1) + 1;
        return SqlExpression.Firm(name, type);
    }

    /// <summary><c>date '2026-01-31'</c>; null, leaving the position unchanged, if it isn't one.</summary>
    private SqlExpression? ReadTypedLiteral()
    {
        var at = Position;
        if (TypeReader.Read(tokens, ref at, end) is not { } type || at >= end
            || tokens.KindAt(at) is not (SqlTokenKind.String or SqlTokenKind.EscapeString or SqlTokenKind.DollarString))
            return null;
        at++;
        if (tokens.IsWord(Position, "INTERVAL"))
            TypeReader.SkipIntervalFields(tokens, ref at);
        Position = at;
        return new(Naming.Weak, type.Name, type.Type);
    }

    private SqlExpression ReadCast()
    {
        var (open, close) = (Position + 1, tokens.MatchOf(Position + 1));
        Position = close + 1;
        var inner = new ExpressionReader(tokens, queries, open + 1, close) { _depth = _depth };
        var operand = inner.Read();
        var at = inner.Position + 1;
        return operand is { } value && tokens.IsWord(inner.Position, "AS")
            && TypeReader.Read(tokens, ref at, close) is { } type && at == close
                ? value.CastTo(type)
                : SqlExpression.Unknown;
    }

    private SqlExpression ReadAlternatives(string name)
    {
        var (position, close) = (Position + 2, tokens.MatchOf(Position + 1));
        Position = close + 1;
        var alternatives = new List<SqlExpression>();
        while (position < close)
        {
            var inner = new ExpressionReader(tokens, queries, position, close) { _depth = _depth };
            if (inner.Read() is not { } alternative || (inner.Position < close && !tokens.IsSymbol(inner.Position, ",")))
                return SqlExpression.Firm(name, null);
            alternatives.Add(alternative);
            position = inner.Position + 1;
        }

        return SqlExpression.Firm(name, SqlExpression.CommonType(alternatives));
    }

    // The name comes from ELSE, if it has one.
    private SqlExpression? ReadCase()
    {
        var branches = new List<SqlExpression>();
        if (!tokens.IsWord(Position, "WHEN") && Read() is null)
            return null;
        while (Word("WHEN"))
        {
            if (Read() is null || !Word("THEN") || Read() is not { } branch)
                return null;
            branches.Add(branch);
        }

        SqlExpression? otherwise = null;
        if (Word("ELSE"))
        {
            otherwise = Read();
            if (otherwise is not { } branch)
                return null;
            branches.Add(branch);
        }

        if (!Word("END"))
            return null;
        var type = SqlExpression.CommonType(branches);
        return otherwise is { Naming: Naming.Unknown or Naming.Firm } named
            ? named with { Type = type }
            : new SqlExpression(Naming.Weak, "case", type);
    }
}
