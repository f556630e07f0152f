using System.Globalization;
using PgDurable.Generators.Analyzers;

namespace PgDurable.Generators.Tests.Analyzers;

public sealed class ResultColumnsTests
{
    /// <summary>The id, the type of a row, a statement that it can't be read from, and a part of the message.</summary>
    public static TheoryData<string, string, string, string> Mistakes => new()
    {
        {
            "PGD2006", "Order", "$\"SELECT id, total FROM orders WHERE id = {input.OrderId}\"",
            "'Order.OrderId' can't be read because the statement returns no column 'order_id', only id, total: write '… AS order_id'"
        },
        { "PGD2006", "Order", "\"UPDATE orders SET total = 1\"", "returns no columns: add SELECT or RETURNING" },
        { "PGD2006", "Order", "\"DELETE FROM orders RETURNING order_id\"", "'Order.Total'" },
        { "PGD2006", "long", "\"DELETE FROM orders\"", "'long' can't be read because the statement returns no columns" },
        { "PGD2006", "Order", "\"SELECT order_id\" + \" FROM orders\"", "'Order.Total'" },
        { "PGD2006", "Order?", "\"SELECT order_id FROM orders\"", "'Order.Total'" },
        {
            "PGD2007", "Order", "\"SELECT order_id::uuid, total FROM orders\"",
            "'order_id' is uuid, which can't be read as 'Order.OrderId' of type 'long'"
        },
        { "PGD2007", "string", "\"SELECT count(*) FROM orders\"", "'count' is bigint, which can't be read as 'string' of type 'string'" },
        { "PGD2007", "string", "\"SELECT count(*) AS größe FROM orders\"", "'größe' is bigint" },
        { "PGD2007", "bool?", "\"SELECT 1\"", "'?column?' is integer" },
        { "PGD2007", "DayOfWeek", "\"SELECT 1\"", "'?column?' is integer" },
        { "PGD2007", "Stage", "\"SELECT true\"", "'?column?' is boolean" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Query_ThatDoesNotFit_IsReported(string id, string row, string sql, string message)
    {
        var source = Source(row, sql);

        var diagnostics = GeneratorRun.Of(source).Diagnostics(new StatementAnalyzer());

        var diagnostic = Assert.Single(diagnostics);
        Assert.Equal(id, diagnostic.Id);
        Assert.Contains(message, diagnostic.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        Assert.Equal(sql, source.Substring(diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.Length));
    }

    [Theory]
    [InlineData("Order", "\"SELECT * FROM orders\"")]
    [InlineData("Order", "\"SELECT o.*, 1 AS x FROM orders o\"")]
    [InlineData("Order", "$\"SELECT order_id, total FROM orders WHERE id = {input.OrderId}\"")]
    [InlineData("Order", "\"SELECT total::text AS total, id::int AS order_id FROM orders\"")]
    [InlineData("Order", "\"SELECT true AS order_id, order_id, total FROM orders\"")]
    [InlineData("Order", "\"CALL find_order()\"")]
    [InlineData("Order", "\"SELECT order_id, {input.Name} FROM orders\"")]
    [InlineData("Order", "\"SELECT 'x\"")]
    [InlineData("int", "\"SELECT count(*) FROM orders\"")]
    [InlineData("Stage", "\"SELECT 1\"")]
    [InlineData("long", "\"SELECT total::text FROM orders\"")]
    [InlineData("Shape", "\"SELECT 'round' AS kind, ARRAY[1]::int[] AS sizes, NULL::jsonb AS rest, row_to_json(x) AS order FROM x\"")]
    public void Query_ThatMayFit_IsNotReported(string row, string sql) =>
        Assert.Empty(GeneratorRun.Of(Source(row, sql)).Diagnostics(new StatementAnalyzer()));

    private static string Source(string row, string sql) =>
        $$""""
        namespace Shop;

        [StoredAsNumber]
        public enum Stage { New, Paid }

        public enum Kind { Round, Square }
        public sealed record Shape(Kind Kind, int[] Sizes, JsonElement? Rest, Order Order);
        public sealed record Order(long OrderId, decimal Total) { public string Label => "x"; }

        [Workflow("ship")]
        public sealed partial class Ship : IWorkflow<Ship.Input>
        {
            public sealed record Input(long OrderId, string Name);
            public static Flow Define(Flow flow, Input input) => flow.QuerySingle<{{row}}>({{sql}}, out var found);
        }
        """";
}
