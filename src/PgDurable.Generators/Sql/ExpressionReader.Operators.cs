using PgDurable.Sql;

namespace PgDurable.Generators.Sql;

internal sealed partial class ExpressionReader
{
    private readonly record struct Operator(bool IsBoolean, bool TakesOperand, bool IsKnown = true);

    /// <summary>Takes an operator between or after operands; null if there is none.</summary>
    private Operator? ReadOperator()
    {
        if (tokens.KindAt(Position) == SqlTokenKind.Operator)
        {
            var isComparison = tokens.TextAt(Position) is "=" or "<>" or "!=" or "<" or ">" or "<=" or ">=";
            Position++;
            return new(isComparison, TakesOperand: !ReadQuantifier());
        }

        // An operator with a schema: OPERATOR(pg_catalog.+)
        if (tokens.IsWord(Position, "OPERATOR") && tokens.IsSymbol(Position + 1, "("))
        {
            Position = tokens.MatchOf(Position + 1) + 1;
            return new(IsBoolean: false, TakesOperand: true, IsKnown: false);
        }

        var before = Position;
        var isNegated = Word("NOT");
        if (Word("IN"))
            return Parentheses() ? new Operator(IsBoolean: true, TakesOperand: false) : null;
        if (Word("LIKE") || Word("ILIKE") || Word("BETWEEN"))
        {
            _ = Word("SYMMETRIC") || Word("ASYMMETRIC");
            return new(IsBoolean: true, TakesOperand: !ReadQuantifier());
        }

        if (Word("SIMILAR"))
            return Word("TO") ? new Operator(IsBoolean: true, TakesOperand: true) : null;
        if (isNegated)
        {
            Position = before;
            return null;
        }

        return tokens.WordAt(Position) switch
        {
            "AND" or "OR" => Take(takesOperand: true),
            "ISNULL" or "NOTNULL" => Take(takesOperand: false),
            "IS" => ReadIs(),
            "ESCAPE" when tokens.KindAt(Position + 1) is SqlTokenKind.String or SqlTokenKind.EscapeString => Take(takesOperand: true),
            _ => null,
        };
    }

    /// <summary>Takes <c>ANY (…)</c>, after which there is no operand.</summary>
    private bool ReadQuantifier()
    {
        if (tokens.WordAt(Position) is not ("ANY" or "SOME" or "ALL") || !tokens.IsSymbol(Position + 1, "("))
            return false;
        Position = tokens.MatchOf(Position + 1) + 1;
        return true;
    }

    private Operator Take(bool takesOperand)
    {
        Position++;
        return new(IsBoolean: true, takesOperand);
    }

    private Operator? ReadIs()
    {
        var before = Position++;
        _ = Word("NOT");
        if (Word("NULL") || Word("TRUE") || Word("FALSE") || Word("UNKNOWN"))
            return new(IsBoolean: true, TakesOperand: false);
        if (Word("DISTINCT") && Word("FROM"))
            return new(IsBoolean: true, TakesOperand: true);
        Position = before;
        return null;
    }
}
