using Microsoft.CodeAnalysis;
using PgDurable.Generators.Parsing;
using PgDurable.Sql;

namespace PgDurable.Generators.Lowering;

/// <summary>The statement that turns a list into rows: the results of a FOREACH, one for each item, or a list of the input.</summary>
internal static class ItemRows
{
    /// <param name="list">The list, as <c>jsonb</c>.</param>
    /// <param name="element">The type of an item.</param>
    /// <param name="form">The form of an item.</param>
    /// <param name="flow">The flow.</param>
    public static string Select(string list, ITypeSymbol element, ResultForm form, FlowModel flow)
    {
        var type = SqlType.Bare(element);
        var columns = TypeParser.IsRecord(type)
            ? string.Join(", ", RecordShape.PropertiesOf((INamedTypeSymbol)type, flow.Workflow, flow.Compilation)
                .Select(property => Column(property, form)))
            : $"{(form == ResultForm.Json && SqlType.IsComposite(type) ? Json("item.value") : Cast(Value(form), element))} AS value";
        var item = form == ResultForm.Json ? "result.value" : "coalesce(result.value -> 'rows' -> 0, result.value)";
        return $"SELECT {columns} FROM jsonb_array_elements({list}) WITH ORDINALITY AS result (value, place) "
            + $"CROSS JOIN LATERAL (SELECT {item}) AS item (value) ORDER BY result.place";
    }

    // The only column of a row, or the value itself.
    private static string Value(ResultForm form)
    {
        const string column = "(SELECT v FROM jsonb_each_text(item.value) AS e (k, v) LIMIT 1)";
        const string value = "(item.value #>> ARRAY[]::text[])";
        return form switch
        {
            ResultForm.Rows => column,
            ResultForm.Json => value,
            _ => $"(CASE jsonb_typeof(item.value) WHEN 'object' THEN {column} ELSE {value} END)",
        };
    }

    private static string Column(IPropertySymbol property, ResultForm form)
    {
        var name = ColumnName.Of(property);
        if (form == ResultForm.Json && SqlType.IsComposite(property.Type))
            return $"{Json($"item.value -> {SqlQuote.Literal(name)}")} AS {SqlQuote.Identifier(name)}";
        return $"{Cast($"(item.value ->> {SqlQuote.Literal(name)})", property.Type)} AS {SqlQuote.Identifier(name)}";
    }

    // The JSON of a text isn't the text.
    private static string Json(string sql) => $"nullif({sql}, 'null')";

    private static string Cast(string sql, ITypeSymbol type) =>
        SqlType.IsComposite(type) ? sql + "::jsonb" : SqlType.Of(type) is { } name and not "text" ? $"{sql}::{name}" : sql;
}
