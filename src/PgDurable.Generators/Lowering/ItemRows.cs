using Microsoft.CodeAnalysis;
using PgDurable.Generators.Parsing;
using PgDurable.Sql;

namespace PgDurable.Generators.Lowering;

/// <summary>The statement that turns the results of a FOREACH, one for each item, into rows.</summary>
internal static class ItemRows
{
    public static string Select(string name, ITypeSymbol element, FlowModel flow)
    {
        var type = SqlType.Bare(element);
        var columns = TypeParser.IsRecord(type)
            ? string.Join(", ", RecordShape.PropertiesOf((INamedTypeSymbol)type, flow.Workflow, flow.Compilation)
                .Select(Column))
            : $"{Cast("(SELECT v FROM jsonb_each_text(item.value) AS e (k, v) LIMIT 1)", element)} AS value";
        return $"SELECT {columns} FROM jsonb_array_elements(${name}::jsonb) WITH ORDINALITY AS result (value, place) "
            + "CROSS JOIN LATERAL (SELECT coalesce(result.value -> 'rows' -> 0, result.value)) AS item (value) ORDER BY result.place";
    }

    private static string Column(IPropertySymbol property)
    {
        var name = ColumnName.Of(property);
        return $"{Cast($"(item.value ->> {SqlQuote.Literal(name)})", property.Type)} AS {SqlQuote.Identifier(name)}";
    }

    private static string Cast(string sql, ITypeSymbol type) =>
        SqlType.IsComposite(type) ? sql + "::jsonb" : SqlType.Of(type) is { } name and not "text" ? $"{sql}::{name}" : sql;
}
