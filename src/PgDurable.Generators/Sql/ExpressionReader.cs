using PgDurable.Sql;

namespace PgDurable.Generators.Sql;

/// <summary>
/// Reads one expression as far as it determines its column's name and type. Operators have no names, so their precedence matters only where
/// something named may be outermost: casts, COLLATE and AT TIME ZONE bind more tightly than any binary operator.
/// </summary>
internal sealed partial class ExpressionReader(TokenList tokens, QueryReader queries, int start, int end)
{
    private const string Boolean = "boolean";
    private const int MaxDepth = 50;

    private int _depth;

    /// <summary>Where the expression that was read ends.</summary>
    public int Position { get; private set; } = start;

    /// <summary>Whether the expression stands for all columns of something.</summary>
    public bool HasStar { get; private set; }

    /// <summary>Returns null if the expression isn't understood. A label after it isn't part of it.</summary>
    public SqlExpression? Read()
    {
        if (_depth >= MaxDepth)
            return null;
        _depth++;
        var expression = ReadOperators();
        _depth--;
        return expression;
    }

    private SqlExpression? ReadOperators()
    {
        var (isKnown, isTyped, isAfterPostfix) = (true, true, false);
        if (ReadOperand(out var isPrefixed, out var isNegated) is not { } first)
            return null;
        var (isPlain, isBoolean) = (!isPrefixed, isNegated);

        while (Position < end && ReadOperator() is { } found)
        {
            isPlain = false;
            isKnown &= found.IsKnown;

            // `a IS NULL || 'x'` appends to the boolean, whatever comes before it.
            isBoolean = found.IsBoolean || (isBoolean && !isAfterPostfix);
            isAfterPostfix = !found.TakesOperand;
            if (!found.TakesOperand)
                continue;
            if (ReadOperand(out _, out isNegated) is null)
                return null;

            // `a || NOT b = c`: NOT applies to everything after it, but the operator before it is outermost.
            isTyped &= found.IsBoolean || !isNegated;
        }

        if (isPlain)
            return first;
        return isKnown ? SqlExpression.Unnamed(isBoolean && isTyped ? Boolean : null) : SqlExpression.Unknown;
    }

    /// <summary>An operand with its prefixes.</summary>
    private SqlExpression? ReadOperand(out bool isPrefixed, out bool isNegated)
    {
        (isPrefixed, isNegated) = (false, false);
        while (Position < end)
        {
            if (Word("NOT"))
                isNegated |= !isPrefixed;
            else if (tokens.KindAt(Position) == SqlTokenKind.Operator && tokens.TextAt(Position) is not ("-" or "+" or "*"))
                Position++;
            else
                break;
            isPrefixed = true;
        }

        return ReadSigned() is { } operand ? ReadZones(operand) : null;
    }

    private SqlExpression? ReadSigned()
    {
        var sign = Position;
        while (tokens.IsSymbol(Position, "-") || tokens.IsSymbol(Position, "+"))
            Position++;
        if (Position >= end || ReadPrimary() is not { } operand)
            return null;

        // A sign belongs to its number. Near the limits of integer that can change the type, so it counts only far from them.
        var number = Position - 1;
        var isNegated = tokens.IsSymbol(sign, "-") && number == sign + 1 && operand.Type == "integer" && tokens.TextAt(number).Length < 10;
        operand = ReadCasts(operand);
        if (sign == number - 1 && isNegated && Position == number + 1)
            return operand;
        return tokens.IsSymbol(sign, "-") || tokens.IsSymbol(sign, "+") ? SqlExpression.Unnamed(null) : operand;
    }

    private SqlExpression ReadCasts(SqlExpression operand)
    {
        while (Position < end && tokens.IsSymbol(Position, "::"))
        {
            var at = Position + 1;
            if (TypeReader.Read(tokens, ref at, end) is not { } type)
                return SqlExpression.Unknown;
            Position = at;
            operand = operand.CastTo(type);
        }

        return operand;
    }

    private SqlExpression? ReadZones(SqlExpression operand)
    {
        while (Position < end)
        {
            if (tokens.IsWord(Position, "COLLATE") && tokens.IsName(Position + 1))
            {
                Position += 2;
                while (tokens.IsSymbol(Position, ".") && tokens.IsName(Position + 1))
                    Position += 2;
                operand = ReadCasts(operand);
            }
            else if (tokens.IsWord(Position, "AT") && tokens.IsWord(Position + 1, "LOCAL"))
            {
                Position += 2;
                operand = ReadCasts(SqlExpression.Firm("timezone", null));
            }
            else if (tokens.IsWord(Position, "AT") && tokens.IsWord(Position + 1, "TIME") && tokens.IsWord(Position + 2, "ZONE"))
            {
                Position += 3;
                if (ReadSigned() is null)
                    return null;
                operand = SqlExpression.Firm("timezone", OtherZone(operand.Type));
            }
            else
            {
                break;
            }
        }

        return operand;
    }

    private static string? OtherZone(string? type) => type switch
    {
        "timestamp with time zone" => "timestamp without time zone",
        "timestamp without time zone" => "timestamp with time zone",
        _ => null,
    };

    /// <summary>Takes a keyword.</summary>
    private bool Word(string word)
    {
        if (Position >= end || !tokens.IsWord(Position, word))
            return false;
        Position++;
        return true;
    }

    /// <summary>Takes a pair of parentheses and everything inside.</summary>
    private bool Parentheses()
    {
        if (Position >= end || !tokens.IsSymbol(Position, "("))
            return false;
        Position = tokens.MatchOf(Position) + 1;
        return true;
    }
}
