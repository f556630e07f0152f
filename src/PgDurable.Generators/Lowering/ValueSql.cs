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

        if (SqlType.IsComposite(value.Type))
            return $"nullif({Json(value)}, 'null')";
        return SqlType.Of(value.Type) is { } cast and not "text" ? $"{Text(value)}::{cast}" : Text(value);
    }

    /// <summary>As an expression that fails without a value, like <c>Value</c> of a C# nullable.</summary>
    public static string Demanded(Binding.Value value)
    {
        var sql = Of(value with { MayBeNull = true }, typed: true);
        // concat is stable, so the planner doesn't evaluate it early: not behind an AND, for example.
        return SqlType.Of(value.Type) is { } type and not "text"
            ? $"coalesce({sql}, concat({SqlQuote.Literal($"no value in {value.Demanded}")})::{type})"
            : sql;
    }

    /// <summary>The text of a part of JSON; NULL for JSON's null.</summary>
    public static string Text(Binding.Value value)
    {
        var sql = new StringBuilder("(").Append(Root(value));
        for (var i = 0; i < value.Path.Count; i++)
            sql.Append(i < value.Path.Count - 1 ? " -> " : " ->> ").Append(value.Path[i]);
        if (value.Path.Count == 0)
            sql.Append(" #>> ARRAY[]::text[]");
        return sql.Append(')').ToString();
    }

    /// <summary>As <c>jsonb</c>.</summary>
    public static string Json(Binding.Value value) =>
        value.Path.Count == 0 ? Root(value) : $"({Root(value)} -> {string.Join(" -> ", value.Path)})";

    /// <summary>As an array of <paramref name="element"/>, a SQL type.</summary>
    public static string Array(Binding.Value value, string element)
    {
        var json = Json(value);
        var cast = element == "text" ? "" : "::" + element;
        var items = $"ARRAY(SELECT jsonb_array_elements_text({json}){cast})";
        return value.MayBeNull || value.Path.Count > 0 ? $"(CASE WHEN {json} <> 'null' THEN {items} END)" : $"({items})";
    }

    /// <summary>The path to one member.</summary>
    public static string Key(string name) => SqlQuote.Literal(name);

    // A column that C# reads as an array may be a SQL array, which can't be cast to jsonb.
    private static string Root(Binding.Value value) =>
        value.IsArrayColumn ? $"to_jsonb({Reference(value)})" : $"{Reference(value)}::jsonb";
}
