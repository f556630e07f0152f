using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using PgDurable.Generators.Analyzers;

namespace PgDurable.Generators.Tests.Statements;

/// <summary>Steps are compared with what the server said about their statements.</summary>
public sealed class StatementTests
{
    private const string Sql = "SELECT order_id, total, note FROM orders WHERE order_id = $input.order_id";

    private const string Written = "$\"SELECT order_id, total, note FROM orders WHERE order_id = {input.OrderId}\"";

    private const string Parameters = """[{"name":"$input.order_id","type":"bigint"}]""";

    private const string Columns =
        """
        [
          {"name":"order_id","type":"bigint","nullable":false},
          {"name":"total","type":"numeric","nullable":false},
          {"name":"note","type":"text","nullable":true}
        ]
        """;

    /// <summary>The id, the entries of the file, the reported line of the file or text of the source, and a part of the message.</summary>
    public static TheoryData<string, string, string, string> Mistakes => new()
    {
        {
            "PGD0040", Entry(Sql, Error("column \\\"note\\\" does not exist", Sql.IndexOf("note", StringComparison.Ordinal) + 1)),
            "note", "PostgreSQL doesn't accept this statement: column \"note\" does not exist. Change the SQL or the database"
        },
        { "PGD0040", Entry(Sql, """ "error": {"message":"no","code":"42703","hint":"Perhaps."} """), Written, "no. Perhaps." },
        { "PGD0040", Entry(Sql, Error("no", Sql.IndexOf('$', StringComparison.Ordinal) + 1)), "{input.OrderId}", "no" },
        {
            "PGD0041", Entry(Sql, Described(Changed("numeric\",\"nullable\":false", "numeric\",\"nullable\":true"))), "Order",
            "The column 'total' may be NULL, but 'Order.Total' can't be null. Make its type 'decimal?'"
        },
        {
            "PGD0042", Entry(Sql, Described(Columns, Parameters.Replace("bigint", "uuid", StringComparison.Ordinal))), "{input.OrderId}",
            "The statement takes uuid here, but 'input.OrderId' is of type 'long'"
        },
        {
            "PGD2006", Entry(Sql, Described(Changed("\"note\"", "\"notes\""))), "Order",
            "'Order.Note' can't be read because the statement returns no column 'note', only order_id, total, notes"
        },
        { "PGD2007", Entry(Sql, Described(Changed("numeric", "uuid"))), "Order", "'total' is uuid" },
        { "PGD0043", "{\n\"sql\": \"\\q\"}", "2", "" },
        { "PGD0043", "{}", "0", "a member 'sql'" },
        { "PGD0043", Entry(Sql, "\"columns\": []"), "2", "isn't what 'pgdurable prepare' writes" },
        { "PGD0043", Entry(Sql, Described(Columns)) + "," + Entry(Sql, Described(Columns)), "9", "two entries" },
        { "PGD1040", "", Written, "Run 'pgdurable prepare'" },
        {
            "PGD1041", Entry(Sql, Described(Columns)) + "," + Entry("SELECT \\\"sql\\\": 1", Described("[]")), "9",
            "'SELECT \"sql\": 1'"
        },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Mistake_IsReportedWhereItIs(string id, string entries, string place, string message)
    {
        var diagnostic = Assert.Single(Run(Source, File(entries)));

        Assert.Equal(id, diagnostic.Id);
        Assert.Contains(message, diagnostic.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        if (diagnostic.Location.SourceTree is { } tree)
            Assert.Equal(place, tree.GetText().ToString(diagnostic.Location.SourceSpan));
        else
            Assert.Equal(place, diagnostic.Location.GetLineSpan().StartLinePosition.Line.ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Statement_ThatFits_IsNotReported() => Assert.Empty(Run(Source, File(Entry(Sql, Described(Columns)))));

    [Fact]
    public void Statement_ThatIsNotDescribed_IsNotReported() =>
        Assert.Empty(Run(Source, File(Entry(Sql, "\"not_described\": \"no\""))));

    [Fact]
    public void Statement_WithAnEntry_IsNotReadFromItsText() => Assert.Empty(Run(
        Source.Replace("order_id, total, note FROM", "order_id FROM", StringComparison.Ordinal),
        File(Entry(Sql.Replace("order_id, total, note FROM", "order_id FROM", StringComparison.Ordinal), Described(Columns)))));

    [Fact]
    public void Statement_WithoutAnEntry_IsReadFromItsText() => Assert.Equal(
        ["PGD1040", "PGD2006", "PGD2006"],
        Run(Source.Replace("order_id, total, note FROM", "order_id FROM", StringComparison.Ordinal), File("")).Select(each => each.Id));

    [Fact]
    public void Workflow_WithOtherMistakes_LeavesNothingUnused() => Assert.Empty(
        Run(Source.Replace("flow.Query", "flow.Execute(\"\").Query", StringComparison.Ordinal), File(Entry("SELECT 2", Described("[]")))));

    [Theory]
    [InlineData(
        "$\"\"\"\n        SELECT note\n          FROM orders WHERE order_id = {input.OrderId}\n        \"\"\"",
        "SELECT note\\n  FROM orders WHERE order_id = $input.order_id", "orders")]
    [InlineData(
        "$\"SELECT note \" + $\"FROM orders WHERE order_id = {input.OrderId}\"",
        "SELECT note FROM orders WHERE order_id = $input.order_id", "orders")]
    [InlineData("$\"SELECT '{{}}', order_id FROM orders\"", "SELECT '{}', order_id FROM orders", "SELECT '{{}}', order_id FROM orders")]
    [InlineData("\"SELECT note FROM orders\"", "SELECT note FROM orders", "orders")]
    [InlineData("@\"SELECT note\r\n FROM orders\"", "SELECT note\\n FROM orders", "orders")]
    [InlineData("@\"SELECT note\n FROM orders\"", "SELECT note\\n FROM orders", "orders")]
    [InlineData("$\"SELECT {input.OrderId}, note FROM orders\"", "SELECT $input.order_id, note FROM orders", "orders")]
    [InlineData("$\"SELECT note FROM \" + Table", "SELECT note FROM orders", "Table")]
    public void Error_IsReportedAtItsPlaceInTheSource(string written, string sql, string place)
    {
        var position = sql.Replace("\\n", "\n", StringComparison.Ordinal).IndexOf("orders", StringComparison.Ordinal) + 1;
        var source = Source.Replace(Written, written, StringComparison.Ordinal);

        var diagnostic = Assert.Single(Run(source, File(Entry(sql, Error("no", position)))));

        Assert.Equal(place, diagnostic.Location.SourceTree!.GetText().ToString(diagnostic.Location.SourceSpan));
    }

    [Theory]
    [InlineData("QuerySingle<string>", "PGD0041")]
    [InlineData("QuerySingle<string?>", null)]
    [InlineData("QuerySingleOrNull<string>", null)]
    public void PlainValue_IsChecked(string query, string? id)
    {
        var source = Source.Replace("QuerySingle<Order>", query, StringComparison.Ordinal);
        var columns = """[{"name":"note","type":"text","nullable":true}]""";

        Assert.Equal(id, Run(source, File(Entry(Sql, Described(columns)))).SingleOrDefault()?.Id);
    }

    [Fact]
    public void Condition_IsReportedAtItsExpression()
    {
        var source = Source.Replace(
            "out var order)", "out var order).If(order.Total > 3m, f => f.Sleep(TimeSpan.FromSeconds(1)))", StringComparison.Ordinal);
        const string condition = "SELECT $order.total > 3";
        Assert.Contains(condition, GeneratorRun.Of(source).Sources.Single(), StringComparison.Ordinal);

        var diagnostic = Assert.Single(Run(
            source, File(Entry(Sql, Described(Columns)) + "," + Entry(condition, Error("no", 1)))));

        Assert.Equal("order.Total > 3m", diagnostic.Location.SourceTree!.GetText().ToString(diagnostic.Location.SourceSpan));
    }

    public const string Source =
        """
        namespace Shop;

        [Workflow("ship")]
        public sealed partial class Ship : IWorkflow<Ship.Input>
        {
            private const string Table = "orders";

            public sealed record Input(long OrderId);

            public sealed record Order(long OrderId, decimal Total, string? Note);

            public static Flow Define(Flow flow, Input input) => flow.QuerySingle<Order>(
                $"SELECT order_id, total, note FROM orders WHERE order_id = {input.OrderId}", out var order);
        }
        """;

    public static string File(string entries) => $$"""
        {"statements": [
        {{entries}}]}
        """;

    public static string Entry(string sql, string members) => $$"""
        {
        "sql": "{{sql}}",
        {{members}}}
        """;

    public static string Described(string columns, string parameters = Parameters) =>
        $"\"parameters\": {parameters},\n\"columns\": {columns}";

    private static string Error(string message, int position) =>
        $$""" "error": {"message":"{{message}}","code":"42703","position":{{position}}} """;

    private static string Changed(string old, string changed) => Columns.Replace(old, changed, StringComparison.Ordinal);

    private static IReadOnlyList<Diagnostic> Run(string source, string file) =>
        GeneratorRun.Of(source).Diagnostics([new StatementsText(file)], new StatementAnalyzer());

    private sealed class StatementsText(string text) : AdditionalText
    {
        public override string Path => "/project/.pgdurable/statements.json";

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }
}
