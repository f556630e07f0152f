using System.Text;
using PgDurable.Sql;

namespace PgDurable.Generators.Lowering;

/// <summary>Writes values as SQL expressions.</summary>
internal static class ValueSql
{
    /// <summary>As the reference alone: <c>$order.note?</c>.</summary>
    public static string Reference(Binding.Value value) => value.Reference + (value.MayBeNull ? "?" : "");

    /// <summary>As an expression; <paramref name="typed"/> if SQL must know its type.</summary>
    public static string Of(Binding.Value value, bool typed)
    {
        if (value.IsPlain)
        {
            return typed && value.Form != ValueForm.Column && SqlType.Of(value.Type) is { } type
                ? $"{Reference(value)}::{type}"
                : Reference(value);
        }

        var sql = new StringBuilder("(").Append(Reference(value)).Append("::jsonb");
        for (var i = 0; i < value.Path.Count; i++)
            sql.Append(i < value.Path.Count - 1 ? " -> " : " ->> ").Append(value.Path[i]);
        if (value.Path.Count == 0)
            sql.Append(" #>> ARRAY[]::text[]");
        sql.Append(')');
        return SqlType.Of(value.Type) is { } cast and not "text" ? sql.Append("::").Append(cast).ToString() : sql.ToString();
    }

    /// <summary>The path to one member.</summary>
    public static string Key(string name) => SqlQuote.Literal(name);
}
