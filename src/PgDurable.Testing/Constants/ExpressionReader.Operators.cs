using System.Globalization;
using System.Text.Json;

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
        if (left.IsNull || right.IsNull)
            return SqlValue.Of(null);
        if (left.IsAny || right.IsAny)
            return SqlValue.Any;
        var order = SqlValue.Compare(left, right)!.Value;
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

    private static SqlValue Calculate(SqlValue left, char sign, SqlValue right)
    {
        if (left.IsAny || right.IsAny)
            return SqlValue.Any;
        if (left.Type == "unknown" && right.IsNumber)
            left = left.Cast(right.Type);
        if (right.Type == "unknown" && left.IsNumber)
            right = right.Cast(left.Type);
        if (!left.IsNumber || !right.IsNumber)
            throw new NotConstantException();
        var type = left.IsInteger && right.IsInteger ? (left.Type == "int8" || right.Type == "int8" ? "int8" : "int4")
            : left.Value is double || right.Value is double ? "float8" : "numeric";
        if (left.IsNull || right.IsNull)
            return new SqlValue(type, null);
        try
        {
            if (type == "float8")
            {
                var x = Convert.ToDouble(left.Value, CultureInfo.InvariantCulture);
                var y = Convert.ToDouble(right.Value, CultureInfo.InvariantCulture);
                return new SqlValue(type,
                    sign switch
                    {
                        '+' => x + y,
                        '-' => x - y,
                        '*' => x * y,
                        '/' when y != 0 => x / y,
                        _ => throw new NotConstantException(),
                    });
            }
            var (a, b) = ((decimal)left.Value!, (decimal)right.Value!);
            var result = sign switch { '+' => a + b, '-' => a - b, '*' => a * b, '/' => a / b, _ => a % b };
            return new SqlValue(type, left.IsInteger && right.IsInteger ? Math.Truncate(result) : result);
        }
        catch (Exception e) when (e is OverflowException or DivideByZeroException)
        {
            throw new NotConstantException();
        }
    }

    private static SqlValue Concatenate(SqlValue left, SqlValue right)
    {
        if (left.IsAny || right.IsAny)
            return SqlValue.Any;
        if (left.Value is JsonElement || right.Value is JsonElement)
            throw new NotConstantException();
        return left.IsNull || right.IsNull ? SqlValue.Text(null) : SqlValue.Text(left.Output() + right.Output());
    }
}
