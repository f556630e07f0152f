using System.Globalization;

namespace PgDurable.Testing.Constants;

/// <content>The results of operators.</content>
internal sealed partial class ExpressionReader
{
    private static SqlValue Or(SqlValue left, SqlValue right)
    {
        if ((!left.IsAny && left.Truth == true) || (!right.IsAny && right.Truth == true))
            return SqlValue.Of(true);
        if (left.IsAny || right.IsAny)
            return SqlValue.Any;
        return left.Truth is null || right.Truth is null ? SqlValue.Of(null) : SqlValue.Of(false);
    }

    private static SqlValue Not(SqlValue value) => value.IsAny ? value : SqlValue.Of(!value.Truth);

    private static SqlValue Compare(SqlValue left, string sign, SqlValue right)
    {
        var comparison = SqlValue.Compare(left, right);
        if (left.IsNull || right.IsNull)
            return SqlValue.Of(null);
        if (comparison is not { } order)
            return SqlValue.Any;
        if (order == int.MinValue && sign is not ("=" or "<>" or "!="))
            throw new NotConstantException();
        return SqlValue.Of(sign switch
        {
            "=" => order == 0,
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            ">=" => order >= 0,
            _ => order != 0,
        });
    }

    private SqlValue Calculate(SqlValue left, char sign, SqlValue right)
    {
        if (left.IsAny || right.IsAny)
            return SqlValue.Any;
        if (left.IsTime || right.IsTime)
            return CalculateTime(left, sign, right);
        if (left.Type == "unknown" && right.IsNumber)
            left = left.Cast(right.Type);
        if (right.Type == "unknown" && left.IsNumber)
            right = right.Cast(left.Type);
        if (!left.IsNumber || !right.IsNumber || left.Type == "float4" || right.Type == "float4")
            throw new NotConstantException();
        var type = CommonType(left.Type, right.Type);
        if (type == "float8" && sign == '%')
            throw new NotConstantException();
        if (left.IsNull || right.IsNull)
            return new SqlValue(type, null);
        try
        {
            if (type == "float8")
                return new SqlValue(type, Numbers.Calculate(ToDouble(left), sign, ToDouble(right)));
            var (a, b) = ((decimal)left.Value!, (decimal)right.Value!);
            return type == "numeric" ? new SqlValue(type, Numbers.CalculateExactly(a, sign, b))
                : SqlValue.Integer(type, Numbers.CalculateWhole(a, sign, b));
        }
        catch (NotConstantException) when (_passedOver > 0)
        {
            return new SqlValue(type, null);
        }
    }

    // Days have 24 hours, because the worker's sessions are in UTC.
    private SqlValue CalculateTime(SqlValue left, char sign, SqlValue right)
    {
        var type = (left.Type, sign, right.Type) switch
        {
            ("interval", '+' or '-', "interval") => "interval",
            ("interval", '*', _) when right.IsNumber => "interval",
            (_, '*', "interval") when left.IsNumber => "interval",
            ("timestamp" or "timestamptz", '+' or '-', "interval") => left.Type,
            ("interval", '+', "timestamp" or "timestamptz") => right.Type,
            ("timestamp" or "timestamptz", '-', _) when right.Type == left.Type => "interval",
            _ => throw new NotConstantException(),
        };
        if (left.IsNull || right.IsNull)
            return new SqlValue(type, null);
        try
        {
            return new SqlValue(type, (left.Value, right.Value) switch
            {
                (Interval a, Interval b) => a.Plus(sign == '-' ? b.Negative() : b),
                (DateTime a, Interval b) => (sign == '-' ? b.Negative() : b).After(a),
                (Interval a, DateTime b) => a.After(b),
                (DateTime a, DateTime b) => Interval.Between(from: b, to: a),
                (Interval a, _) => a.Times(ToDouble(right)),
                (_, Interval b) => b.Times(ToDouble(left)),
                _ => throw new NotConstantException(),
            });
        }
        catch (NotConstantException) when (_passedOver > 0)
        {
            return new SqlValue(type, null);
        }
    }

    private static SqlValue Negate(SqlValue value) => value switch
    {
        { IsAny: true } or { IsNull: true, IsNumber: true } or { IsNull: true, Type: "interval" } => value,
        { Value: decimal number } => value.IsInteger ? SqlValue.Integer(value.Type, -number)
            : value with { Value = Numbers.WithoutSignOfZero(-number) },
        { Value: double number } => value with { Value = -number },
        { Value: Interval interval } => value with { Value = interval.Negative() },
        _ => throw new NotConstantException(),
    };

    private static double ToDouble(SqlValue value) => Convert.ToDouble(value.Value, CultureInfo.InvariantCulture);

    /// <summary>Returns the type of a result that may be of either type.</summary>
    private static string CommonType(string left, string right)
    {
        string[] numbers = ["int2", "int4", "int8", "numeric", "float4", "float8"];
        var place = (Array.IndexOf(numbers, left), Array.IndexOf(numbers, right));
        return left == right || right is "unknown" or "any" ? left
            : left is "unknown" or "any" ? right
            : place is ( >= 0, >= 0) ? numbers[Math.Max(place.Item1, place.Item2)]
            : throw new NotConstantException();
    }

    private static SqlValue Concatenate(SqlValue left, SqlValue right)
    {
        if (left.IsAny || right.IsAny)
            return SqlValue.Any;
        if (!(left.IsText || right.IsText) || left.IsJson || right.IsJson)
            throw new NotConstantException();
        return left.IsNull || right.IsNull ? SqlValue.Text(null) : SqlValue.Text(left.Output() + right.Output());
    }

    // Regular expressions differ between PostgreSQL and .NET. This is the one of string.IsNullOrWhiteSpace.
    private static SqlValue Matches(SqlValue text, SqlValue pattern)
    {
        if (pattern is not { Value: "[^[:space:]]" } || !(text.IsText || text.IsAny))
            throw new NotConstantException();
        if (text.IsAny || text.IsNull)
            return text.IsAny ? text : SqlValue.Of(null);
        // Beyond ASCII, what is a space depends on the database.
        var known = text.Output().Where(char.IsAscii).ToList();
        return known.Exists(c => c is not (' ' or (>= '\t' and <= '\r'))) ? SqlValue.Of(true)
            : known.Count == text.Output().Length ? SqlValue.Of(false) : throw new NotConstantException();
    }

    private SqlValue Cast(SqlValue value, string type)
    {
        _unplanned |= IsMoment(type) || IsMoment(value.Type);
        // PostgreSQL converts a literal even where it computes nothing.
        return (_passedOver > 0 && value is { IsAny: false, Type: not "unknown" } ? value with { Value = null } : value).Cast(type);
    }

    // Their texts depend on settings.
    private static bool IsMoment(string type) => type is "date" or "timestamp" or "timestamptz" or "interval";
}
