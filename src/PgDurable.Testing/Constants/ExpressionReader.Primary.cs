using System.Globalization;
using System.Text.Json;
using PgDurable.Sql;

namespace PgDurable.Testing.Constants;

/// <content>Literals, functions and types.</content>
internal sealed partial class ExpressionReader
{
    private SqlValue Primary()
    {
        if (Take("("))
        {
            if (Take("SELECT"))
            {
                Expect("count");
                Expect("(");
                Expect("*");
                Expect(")");
                Expect("FROM");
                var count = RowSet();
                Expect(")");
                return new SqlValue("int8", (decimal)count);
            }
            var value = Expression();
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
            return Case();
        if (Take("EXISTS"))
        {
            Expect("(");
            Expect("SELECT");
            Expect("FROM");
            var count = RowSet();
            Expect(")");
            return SqlValue.Of(count > 0);
        }
        if (Take("ARRAY"))
        {
            // Only an empty path is supported.
            Expect("[");
            Expect("]");
            Expect("::");
            Expect("text");
            Expect("[");
            Expect("]");
            return new SqlValue("unknown", "{}");
        }
        if (Current is not { } token)
            throw new NotConstantException();
        switch (token.Kind)
        {
            case SqlTokenKind.Number:
                _next++;
                return Number(token.TextIn(_sql));
            case SqlTokenKind.String:
                _next++;
                var text = _sql[token.ContentStart..token.ContentEnd].Replace("''", "'", StringComparison.Ordinal);
                return text == SqlValue.AnyText ? SqlValue.Any : new SqlValue("unknown", text);
            case SqlTokenKind.Identifier:
                return Call();
            default:
                throw new NotConstantException();
        }
    }

    private static SqlValue Number(string text)
    {
        if (!decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            throw new NotConstantException();
        var isWhole = text.All(char.IsAsciiDigit);
        return new SqlValue(!isWhole ? "numeric" : number <= int.MaxValue ? "int4" : number <= long.MaxValue ? "int8" : "numeric", number);
    }

    private SqlValue Call()
    {
        var name = TakeName()!;
        if (name == "cast")
        {
            Expect("(");
            var value = Expression();
            Expect("AS");
            var type = TypeName();
            Expect(")");
            return value.Cast(type);
        }
        if (name == "pg_catalog")
        {
            Expect(".");
            name = TakeName() ?? throw new NotConstantException();
        }
        Expect("(");
        var arguments = new List<SqlValue>();
        if (!Take(")"))
        {
            do
                arguments.Add(Expression());
            while (Take(","));
            Expect(")");
        }
        return Function(name, arguments);
    }

    private static SqlValue Function(string name, List<SqlValue> arguments)
    {
        if (name == "coalesce")
            return Coalesce(arguments);
        if (arguments.Exists(argument => argument.IsAny))
            return SqlValue.Any;
        switch (name, arguments)
        {
            case ("nullif", [var left, var right]):
                return !left.IsNull && !right.IsNull && SqlValue.Compare(left, right) == 0 ? left with { Value = null } : left;
            case ("lower", [var text]):
                return SqlValue.Text(text.IsNull ? null : text.Output().ToLowerInvariant());
            case ("upper", [var text]):
                return SqlValue.Text(text.IsNull ? null : text.Output().ToUpperInvariant());
            case ("length", [var text]):
                return new SqlValue("int4", text.IsNull ? null : (decimal)text.Output().EnumerateRunes().Count());
            case ("btrim", [var text]):
                return SqlValue.Text(text.IsNull ? null : text.Output().Trim(' '));
            case ("concat", _):
                return SqlValue.Text(
                    string.Concat(arguments
                        .Select(argument => argument.IsNull ? "" : argument.Value is bool b ? b ? "t" : "f" : argument.Output())));
            case ("starts_with", [{ IsNull: false } text, { IsNull: false } part]):
                return SqlValue.Of(text.Output().StartsWith(part.Output(), StringComparison.Ordinal));
            case ("strpos", [{ IsNull: false } text, { IsNull: false } part]):
                return new SqlValue("int4", (decimal)text.Output().IndexOf(part.Output(), StringComparison.Ordinal) + 1);
            case ("right", [{ IsNull: false } text, { Value: decimal and >= 0 } length]):
                var whole = text.Output();
                return SqlValue.Text(whole[Math.Max(0, whole.Length - (int)(decimal)length.Value)..]);
            case ("abs", [{ IsNumber: true } number]):
                return number with { Value = number.Value switch { decimal d => Math.Abs(d), double d => Math.Abs(d), _ => null } };
            case ("jsonb_array_length" or "json_array_length", [var list]):
                return new SqlValue("int4", list.IsNull ? null
                    : list.Cast("jsonb").Value is JsonElement { ValueKind: JsonValueKind.Array } array
                    ? (decimal)array.GetArrayLength() : throw new NotConstantException());
            default:
                throw new NotConstantException();
        }
    }

    private static SqlValue Coalesce(List<SqlValue> arguments)
    {
        var type = arguments.Find(argument => argument.Type is not ("unknown" or "any")).Type ?? "text";
        foreach (var argument in arguments)
            if (argument.IsAny || !argument.IsNull)
                return argument.Type == "unknown" ? argument.Cast(type) : argument;
        return new SqlValue(type, null);
    }

    private SqlValue Case()
    {
        SqlValue? found = null;
        var isAny = false;
        while (Take("WHEN"))
        {
            var condition = Expression();
            Expect("THEN");
            var value = Expression();
            isAny |= condition.IsAny && found is null;
            if (!condition.IsAny && condition.Truth == true)
                found ??= value;
        }
        var otherwise = Take("ELSE") ? Expression() : SqlValue.Null;
        Expect("END");
        return isAny ? SqlValue.Any : found ?? otherwise;
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
