using System.Globalization;
using PgDurable.Sql;

namespace PgDurable.Testing.Constants;

/// <content>Literals, references to columns, calls and types.</content>
internal sealed partial class ExpressionReader
{
    private SqlValue Primary(out Label label)
    {
        label = default;
        if (Take("("))
        {
            var start = _next;
            var value = Take("SELECT") ? Scalar(out label) : Expression();
            if (_operand.Start == start && _operand.End == _next)
                label = _operand.Label;
            Expect(")");
            return value;
        }
        if (Take("NULL"))
            return SqlValue.Null;
        if (Take("TRUE"))
            return SqlValue.Of(true);
        if (Take("FALSE"))
            return SqlValue.Of(false);
        if (Take("CASE"))
            return Case(out label);
        if (Take("EXISTS"))
        {
            Expect("(");
            Expect("SELECT");
            label = new("exists");
            var exists = Query().Rows.Count > 0;
            Expect(")");
            return SqlValue.Of(exists);
        }
        if (Take("ARRAY"))
        {
            // Only an empty path is supported.
            foreach (var part in (string[])["[", "]", "::", "text", "[", "]"])
                Expect(part);
            return new SqlValue("unknown", "{}");
        }
        if (Current is not { Error: null } token)
            throw new NotConstantException();
        switch (token.Kind)
        {
            case SqlTokenKind.Number:
                _next++;
                return Number(token.TextIn(_sql));
            case SqlTokenKind.String or SqlTokenKind.EscapeString or SqlTokenKind.DollarString:
                _next++;
                var text = Literals.Text(_sql, token);
                return text == SqlValue.AnyText ? SqlValue.Any : new SqlValue("unknown", text);
            case SqlTokenKind.Identifier or SqlTokenKind.QuotedIdentifier:
                return Named(out label);
            default:
                throw new NotConstantException();
        }
    }

    private static SqlValue Number(string text)
    {
        if (!decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            || text.Count(char.IsAsciiDigit) > 28)
            throw new NotConstantException();
        var isWhole = text.All(char.IsAsciiDigit);
        return new SqlValue(!isWhole ? "numeric" : number <= int.MaxValue ? "int4" : number <= long.MaxValue ? "int8" : "numeric", number);
    }

    // A call, a column, or a whole row.
    private SqlValue Named(out Label label)
    {
        var name = TakeName()!;
        if (Take("."))
        {
            var member = TakeName() ?? throw new NotConstantException();
            label = new(member);
            return name switch
            {
                "pg_catalog" => Call(member),
                "df" => Call("df." + member),
                _ => Column(name, member),
            };
        }
        if (name == "cast" && Take("("))
        {
            var start = _next;
            var value = Expression();
            label = _operand.Start == start && _operand.End == _next ? _operand.Label : default;
            Expect("AS");
            var type = TypeName();
            Expect(")");
            label = label.OfCast(type);
            return Cast(value, type);
        }
        if (name == "interval" && Current is { Kind: SqlTokenKind.String, Error: null } text)
        {
            _next++;
            label = default(Label).OfCast(name);
            return Cast(new SqlValue("unknown", Literals.Text(_sql, text)), name);
        }
        label = new(name);
        return Current is { Kind: SqlTokenKind.OpenParenthesis } ? Call(name) : Column(null, name);
    }

    private SqlValue Call(string name)
    {
        Expect("(");
        var arguments = new List<SqlValue>();
        if (!Take(")"))
        {
            do
                // PostgreSQL stops at the first value.
                arguments.Add(Read(Expression, name != "coalesce" || arguments.TrueForAll(argument => argument.IsAny || argument.IsNull)));
            while (Take(","));
            Expect(")");
        }
        _unplanned |= Functions.IsStable(name);
        if (name == Publish)
            return Publishing(arguments);
        if (name == Tag)
            return TagOf(arguments);
        return Functions.Call(name, arguments) ?? Coalesce(arguments);
    }

    private static SqlValue Coalesce(List<SqlValue> arguments)
    {
        var type = arguments.Select(argument => argument.Type).Aggregate(CommonType);
        var first = arguments.Find(argument => argument.IsAny || !argument.IsNull);
        return first.Type is null ? new SqlValue(type == "unknown" ? "text" : type, null)
            : first.IsAny ? first : first.Cast(type == "unknown" ? "text" : type);
    }

    private SqlValue Case(out Label label)
    {
        SqlValue? found = null;
        var (isAny, type) = (false, "unknown");
        SqlValue? subject = Current is { } next && next.IsKeyword(_sql, "WHEN") ? null : Expression();
        while (Take("WHEN"))
        {
            var condition = Read(Expression, found is null);
            if (subject is { } given)
                condition = Compare(given, "=", condition);
            Expect("THEN");
            var isIt = found is null && !condition.IsAny && condition.Truth == true;
            var value = Read(Expression, isIt && !isAny);
            isAny |= condition.IsAny && found is null;
            type = CommonType(type, value.Type);
            if (isIt)
                found = value;
        }
        label = new("case", IsWeak: true);
        if (Take("ELSE"))
        {
            var start = _next;
            var value = Read(Expression, found is null && !isAny);
            found ??= value;
            type = CommonType(type, value.Type);
            if (_operand.Start == start && _operand.End == _next && _operand.Label is { Name: not null, IsWeak: false })
                label = _operand.Label;
        }
        Expect("END");
        return isAny || found is { IsAny: true } ? SqlValue.Any : (found ?? SqlValue.Null).Cast(type == "unknown" ? "text" : type);
    }

    private string TypeName()
    {
        var name = TakeName() ?? throw new NotConstantException();
        if (name == "pg_catalog")
        {
            Expect(".");
            name = TakeName() ?? throw new NotConstantException();
        }
        if (name == "double")
            Expect("PRECISION");
        if (name == "character" && Take("VARYING"))
            name = "varchar";
        if (Take("("))
        {
            // A length could truncate the value.
            throw new NotConstantException();
        }
        if (Take("["))
            throw new NotConstantException();
        var withZone = name == "timestamp" && Take("WITH");
        if (withZone || (name == "timestamp" && Take("WITHOUT")))
        {
            Expect("TIME");
            Expect("ZONE");
        }
        return name switch
        {
            "boolean" => "bool",
            "smallint" => "int2",
            "int" or "integer" => "int4",
            "bigint" => "int8",
            "decimal" => "numeric",
            "real" => "float4",
            "double" => "float8",
            "timestamp" when withZone => "timestamptz",
            _ => name,
        };
    }
}
