using System.Globalization;
using System.Text.Json;
using PgDurable.Sql;

namespace PgDurable.Testing.Constants;

/// <summary>Reads a constant expression and computes its value at once. The precedence of operators is PostgreSQL's.</summary>
internal sealed partial class ExpressionReader
{
    private static readonly string[] Comparisons = ["=", "<>", "!=", "<", "<=", ">", ">="];

    private readonly string _sql;
    private readonly List<SqlToken> _tokens = [];
    private int _next;

    public ExpressionReader(string sql)
    {
        _sql = sql;
        var lexer = new SqlLexer(sql);
        while (lexer.Read(out var token))
            if (!token.IsGap)
                _tokens.Add(token);
    }

    public bool IsAtEnd => _next >= _tokens.Count;

    public SqlToken? Current => IsAtEnd ? null : _tokens[_next];

    /// <summary>Goes on behind a word or sign, if it is the next one.</summary>
    public bool Take(string text)
    {
        if (IsAtEnd)
            return false;
        var token = _tokens[_next];
        var isIt = token.Kind == SqlTokenKind.Identifier ? token.IsKeyword(_sql, text) : !token.IsQuotedLiteral
            && token.TextIn(_sql) == text;
        if (isIt)
            _next++;
        return isIt;
    }

    /// <exception cref="NotConstantException">The next word or sign is another one.</exception>
    public void Expect(string text)
    {
        if (!Take(text))
            throw new NotConstantException();
    }

    public string? TakeName()
    {
        if (Current is not { Kind: SqlTokenKind.Identifier or SqlTokenKind.QuotedIdentifier } token)
            return null;
        _next++;
        return token.Kind == SqlTokenKind.QuotedIdentifier
            ? _sql[token.ContentStart..token.ContentEnd].Replace("\"\"", "\"", StringComparison.Ordinal)
            : token.TextIn(_sql).ToLowerInvariant();
    }

    public SqlValue Expression()
    {
        var value = Conjunction();
        while (Take("OR"))
            value = Or(value, Conjunction());
        return value;
    }

    private SqlValue Conjunction()
    {
        var value = Negation();
        while (Take("AND"))
            value = Not(Or(Not(value), Not(Negation())));
        return value;
    }

    private SqlValue Negation() => Take("NOT") ? Not(Negation()) : Test();

    private static SqlValue Or(SqlValue left, SqlValue right)
    {
        if ((!left.IsAny && left.Truth == true) || (!right.IsAny && right.Truth == true))
            return SqlValue.Of(true);
        if (left.IsAny || right.IsAny)
            return SqlValue.Any;
        return left.Truth is null || right.Truth is null ? SqlValue.Of(null) : SqlValue.Of(false);
    }

    private static SqlValue Not(SqlValue value) => value.IsAny ? value : SqlValue.Of(!value.Truth);

    // IS binds looser than comparisons.
    private SqlValue Test()
    {
        var value = Comparison();
        while (Take("IS"))
        {
            var isNegated = Take("NOT");
            SqlValue result;
            if (Take("NULL"))
                result = value.IsAny ? value : SqlValue.Of(value.IsNull);
            else if (Take("TRUE"))
                result = value.IsAny ? value : SqlValue.Of(value.Truth == true);
            else if (Take("FALSE"))
                result = value.IsAny ? value : SqlValue.Of(value.Truth == false);
            else if (Take("DISTINCT"))
            {
                Expect("FROM");
                var other = Comparison();
                result = value.IsAny || other.IsAny ? SqlValue.Any
                    : SqlValue.Of(value.IsNull || other.IsNull ? value.IsNull != other.IsNull : SqlValue.Compare(value, other) != 0);
            }
            else
                throw new NotConstantException();
            value = isNegated ? Not(result) : result;
        }
        return value;
    }

    private SqlValue Comparison()
    {
        var value = Among();
        if (Array.Find(Comparisons, Take) is not { } sign)
            return value;
        var other = Among();
        return Compare(value, sign, other);
    }

    private SqlValue Among()
    {
        var value = Other();
        var start = _next;
        var isNegated = Take("NOT");
        SqlValue result;
        if (Take("IN"))
        {
            Expect("(");
            result = SqlValue.Of(false);
            do
                result = Or(result, Compare(value, "=", Expression()));
            while (Take(","));
            Expect(")");
        }
        else if (Take("BETWEEN"))
        {
            var low = Other();
            Expect("AND");
            result = Not(Or(Compare(value, "<", low), Compare(value, ">", Other())));
        }
        else
        {
            _next = start;
            return value;
        }
        return isNegated ? Not(result) : result;
    }

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

    // All other operators: those of JSON and text, looser than sums.
    private SqlValue Other()
    {
        var value = Sum();
        while (true)
        {
            if (Take("||"))
                value = Concatenate(value, Sum());
            else if (Take("->"))
                value = Member(value, Sum(), asText: false);
            else if (Take("->>"))
                value = Member(value, Sum(), asText: true);
            else if (Take("#>"))
                value = Descend(value, Sum(), asText: false);
            else if (Take("#>>"))
                value = Descend(value, Sum(), asText: true);
            else
                return value;
        }
    }

    private SqlValue Sum()
    {
        var value = Product();
        while (true)
        {
            if (Take("+"))
                value = Calculate(value, '+', Product());
            else if (Take("-"))
                value = Calculate(value, '-', Product());
            else
                return value;
        }
    }

    private SqlValue Product()
    {
        var value = Sign();
        while (true)
        {
            if (Take("*"))
                value = Calculate(value, '*', Sign());
            else if (Take("/"))
                value = Calculate(value, '/', Sign());
            else if (Take("%"))
                value = Calculate(value, '%', Sign());
            else
                return value;
        }
    }

    private SqlValue Sign()
    {
        if (Take("-"))
            return Calculate(new SqlValue("int4", 0m), '-', Sign());
        return Take("+") ? Sign() : Casts();
    }

    private SqlValue Casts()
    {
        var value = Primary();
        while (Take("::"))
            value = value.Cast(TypeName());
        return value;
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
