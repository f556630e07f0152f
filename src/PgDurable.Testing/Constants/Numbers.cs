namespace PgDurable.Testing.Constants;

/// <summary>Arithmetic with PostgreSQL's results, to the last digit.</summary>
internal static class Numbers
{
    // The digits that PostgreSQL gives a quotient at least. It counts digits in groups of four.
    private const int QuotientDigits = 16;
    private const int GroupDigits = 4;
    private const int Group = 10_000;

    // What a decimal holds for certain.
    private const int MaxDigits = 28;

    /// <exception cref="NotConstantException">The division is by zero, or the result isn't finite.</exception>
    public static double Calculate(double x, char sign, double y)
    {
        var result = sign switch
        {
            '+' => x + y,
            '-' => x - y,
            '*' => x * y,
            '/' => x / y,
            _ => throw new NotConstantException(), // there is no % of floats
        };
        return double.IsFinite(result) ? result : throw new NotConstantException();
    }

    /// <exception cref="NotConstantException">The division is by zero, or the result is too large.</exception>
    public static decimal CalculateWhole(decimal a, char sign, decimal b) => Try(() => sign switch
    {
        '+' => a + b,
        '-' => a - b,
        '*' => a * b,
        '/' => decimal.Truncate(a / b),
        _ => a % b,
    });

    /// <exception cref="NotConstantException">The division is by zero, or a decimal can't hold the result.</exception>
    public static decimal CalculateExactly(decimal a, char sign, decimal b)
    {
        var scale = sign switch
        {
            '*' => a.Scale + b.Scale,
            '/' => ScaleOfQuotient(a, b),
            _ => Math.Max(a.Scale, b.Scale),
        };
        if (scale > MaxDigits)
            throw new NotConstantException();
        var result = Try(() => sign switch
        {
            '+' => a + b,
            '-' => a - b,
            '*' => a * b,
            '/' => decimal.Round(a / b, scale, MidpointRounding.AwayFromZero),
            _ => a % b,
        });
        result = Try(() => result + new decimal(0, 0, 0, false, (byte)scale));
        return result.Scale == scale ? WithoutSignOfZero(result) : throw new NotConstantException();
    }

    /// <summary>PostgreSQL's numeric has no -0, but a decimal has one.</summary>
    public static decimal WithoutSignOfZero(decimal number) => number == 0 ? new(0, 0, 0, false, number.Scale) : number;

    private static int ScaleOfQuotient(decimal a, decimal b)
    {
        var (left, right) = (Leading(a), Leading(b));
        var weight = left.Weight - right.Weight - (left.Group <= right.Group ? 1 : 0);
        return Math.Max(QuotientDigits - (weight * GroupDigits), Math.Max(a.Scale, b.Scale));
    }

    /// <summary>Returns the first group of four digits that isn't zero, and its place: 0 is the one before the point.</summary>
    private static (int Weight, int Group) Leading(decimal number)
    {
        var (rest, weight) = (Math.Abs(number), 0);
        for (; rest >= Group; weight++)
            rest = decimal.Truncate(rest / Group);
        for (; rest is > 0 and < 1; weight--)
            rest *= Group;
        return (weight, (int)rest);
    }

    private static decimal Try(Func<decimal> calculation)
    {
        try
        {
            return calculation();
        }
        catch (Exception e) when (e is OverflowException or DivideByZeroException)
        {
            throw new NotConstantException();
        }
    }
}
