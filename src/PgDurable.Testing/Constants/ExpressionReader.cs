using PgDurable.Sql;

namespace PgDurable.Testing.Constants;

/// <summary>Parses a constant expression and computes its value, with PostgreSQL's operator precedence.</summary>
internal sealed partial class ExpressionReader
{
    private static readonly string[] Comparisons = ["=", "<>", "!=", "<", "<=", ">", ">="];

    private readonly string _sql;
    private readonly List<SqlToken> _tokens = [];
    private int _next;

    // Where the last operand stands, and the name that PostgreSQL gives to a column that consists of it.
    private (int Start, int End, Label Label) _operand;

    // Above 0, the value doesn't matter: PostgreSQL doesn't compute it, so it can't fail.
    private int _passedOver;

    // Whether the column has a value that PostgreSQL doesn't compute while it plans. Then it computes other constants even where it won't
    // need them, and they can fail.
    private bool _unplanned;

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

    /// <summary>Consumes a word or symbol if it comes next. Returns whether it did.</summary>
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

    /// <summary>Consumes a word or symbol, which must come next.</summary>
    /// <exception cref="NotConstantException">Something else comes next.</exception>
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
            value = Or(value, Read(Conjunction, isNeeded: value.IsAny || value.Truth != true));
        return value;
    }

    private SqlValue Conjunction()
    {
        var value = Negation();
        while (Take("AND"))
            value = Not(Or(Not(value), Not(Read(Negation, isNeeded: value.IsAny || value.Truth != false))));
        return value;
    }

    private SqlValue Read(Func<SqlValue> expression, bool isNeeded)
    {
        var isPassedOver = !isNeeded && !_unplanned;
        _passedOver += isPassedOver ? 1 : 0;
        var value = expression();
        _passedOver -= isPassedOver ? 1 : 0;
        return value;
    }

    private SqlValue Negation() => Take("NOT") ? Not(Negation()) : Test();

    // IS has lower precedence than comparisons.
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
                    : SqlValue.Of(SqlValue.Compare(value, other) is { } order ? order != 0 : value.IsNull != other.IsNull);
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
            (result, var types) = (SqlValue.Of(false), new HashSet<string> { value.Type });
            do
            {
                var item = Expression();
                types.Add(item.Type);
                result = Or(result, Compare(value, "=", item));
            }
            while (Take(","));
            Expect(")");
            // PostgreSQL would convert all of them to a float first.
            if (types.Count > 1 && types.Overlaps(["float4", "float8"]))
                throw new NotConstantException();
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

    // All other operators, such as those of JSON and text, have lower precedence than + and -.
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
            else if (Take("~"))
                value = Matches(value, Sum());
            else if (Take("!~"))
                value = Not(Matches(value, Sum()));
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
            return Negate(Sign());
        return Take("+") ? Sign() : Casts();
    }

    private SqlValue Casts()
    {
        var start = _next;
        var value = Primary(out var label);
        while (Take("::"))
        {
            var type = TypeName();
            (value, label) = (Cast(value, type), label.OfCast(type));
        }
        _operand = (start, _next, label);
        return value;
    }

    /// <summary>The name of a column without AS.</summary>
    /// <param name="Name">The name, or null for <c>?column?</c>.</param>
    /// <param name="IsWeak">Whether a cast replaces it by the name of the type.</param>
    private readonly record struct Label(string? Name, bool IsWeak = false)
    {
        public Label OfCast(string type) => Name is null || IsWeak ? new(type, true) : this;
    }
}
