using Microsoft.CodeAnalysis;
using PgDurable.Generators.Parsing;
using PgDurable.Sql;

namespace PgDurable.Generators.Lowering;

/// <summary>The statement that makes rows of the results of a FOREACH, each of which is a result of its own.</summary>
internal static class ItemRows
{
    public static string Select(string name, ITypeSymbol element, FlowModel flow)
    {
        var type = SqlType.Bare(element);
        var columns = TypeParser.IsRecord(type)
            ? string.Join(", ", RecordShape.PropertiesOf((INamedTypeSymbol)type, flow.Workflow, flow.Compilation)
                .Select(property => $"{Cast($"(item.value ->> {SqlQuote.Literal(ColumnName.Of(property))})", property.Type)} AS {SqlQuote.Identifier(ColumnName.Of(property))}"))
            : $"{Cast("(SELECT v FROM jsonb_each_text(item.value) AS e (k, v) LIMIT 1)", element)} AS value";
        return $"SELECT {columns} FROM jsonb_array_elements(${name}::jsonb) WITH ORDINALITY AS result (value, place) "
            + "CROSS JOIN LATERAL (SELECT coalesce(result.value -> 'rows' -> 0, result.value)) AS item (value) ORDER BY result.place";
    }

    private static string Cast(string sql, ITypeSymbol type) =>
        SqlType.IsComposite(type) ? sql + "::jsonb" : SqlType.Of(type) is { } name and not "text" ? $"{sql}::{name}" : sql;
}
