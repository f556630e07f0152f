namespace PgDurable.Generators.Tests.Lowering;

public sealed class LoweringTests
{
    [Theory]
    [InlineData("""$"SELECT {input.OrderId}" """, "SELECT $input.order_id")]
    [InlineData("""$"SELECT {input}" """, "SELECT $input")]
    [InlineData("""$"SELECT {input.Note}" """, "SELECT $input.note?")]
    [InlineData("""$"SELECT {input.Note!}" """, "SELECT $input.note")]
    [InlineData("""$"SELECT {input.Amount}" """, "SELECT $input.amount?")]
    [InlineData("""$"SELECT {(input.Name)}::text" """, "SELECT $input.name::text")]
    [InlineData("""$"SELECT '{input.Name}.csv'" """, "SELECT '$input.name.csv'")]
    [InlineData("""$"SELECT '{input.Name}{input.OrderId}'" """, "SELECT '$input.name$input.order_id'")]
    [InlineData("""$"SELECT '{input.Note}x'" """, "SELECT '$input.note?x'")]
    [InlineData("""$"SELECT 'order{input.OrderId}'" """, "SELECT 'order$input.order_id'")]
    [InlineData("""$"SELECT f({input.OrderId},{input.Name})" """, "SELECT f($input.order_id,$input.name)")]
    [InlineData("""$"SELECT '{{{{1,2}}}}', $input.name" """, "SELECT '{{1,2}}', $input.name")]
    [InlineData("""$"SELECT '{{1,2}}'" """, "SELECT '{1,2}'")]
    [InlineData("""$"SELECT 'it''s {input.Name}', {input.OrderId}" """, "SELECT 'it''s $input.name', $input.order_id")]
    [InlineData("""$"SELECT \"a{input.Name}\", {input.OrderId}" """, "SELECT \"a$input.name\", $input.order_id")]
    [InlineData(
        """$"DO $f$ ({input.Name}, 'x{input.Name}') $f$, {input.OrderId}" """,
        "DO $f$ ($input.name, 'x$input.name') $f$, $input.order_id")]
    [InlineData("""$"SELECT /* ' /* */ */ {input.OrderId} -- '" """, "SELECT /* ' /* */ */ $input.order_id -- '")]
    [InlineData("""$"SELECT E'\\' {{' || {input.OrderId}" """, "SELECT E'\\' {' || $input.order_id")]
    [InlineData("""$"SELECT 1 -- '\n, {input.OrderId}" """, "SELECT 1 -- '\n, $input.order_id")]
    [InlineData("""$"SELECT a$f$, {input.OrderId}" """, "SELECT a$f$, $input.order_id")]
    [InlineData(""" "SELECT 1" """, "SELECT 1")]
    [InlineData(""" "SELECT 1, " + "2" """, "SELECT 1, 2")]
    [InlineData("""$"SELECT {input.OrderId}, " + $"{input.Name}" """, "SELECT $input.order_id, $input.name")]
    [InlineData("sql: @\"SELECT \"\"a\"\"\"", "SELECT \"a\"")]
    [InlineData("$\"SELECT 'a\\\\b\\t{input.Name}'\"", "SELECT 'a\\b\t$input.name'")]
    public void Interpolation_OfAReference_IsLowered(string sql, string expected) =>
        Assert.Equal([expected], WorkflowSource.SqlOf(WorkflowSource.WithSql(sql)));

    [Fact]
    public void RawString_OfSeveralLines_LosesItsIndentation() =>
        Assert.Equal(
            ["SELECT 1\n  FROM {x} t\nWHERE id = $input.order_id"],
            WorkflowSource.SqlOf(WorkflowSource.WithSql(
                "\n$$\"\"\"\n    SELECT 1\n      FROM {x} t\n    WHERE id = {{input.OrderId}}\n    \"\"\"")));

    [Theory]
    [InlineData("const string C = \"it's\";", "{C}", "'it''s'")]
    [InlineData("const string C = @\"a\\b\";", "{C}", @"E'a\\b'")]
    [InlineData("const string C = \"$input {x}\";", "{C}", @"E'\x24input \x7Bx}'")]
    [InlineData("const string C = \"it's\";", "'so {C}'", "'so it''s'")]
    [InlineData("const string C = \"it's\";", "E'so {C}'", "E'so it''s'")]
    [InlineData("const string C = \"a\\\"b\";", "\\\"{C}\\\"", "\"a\"\"b\"")]
    [InlineData("const string C = \"it's\";", "$f$ {C}, 'so {C}' $f$", "$f$ 'it''s', 'so it''s' $f$")]
    [InlineData("const string? C = null;", "{C}", "NULL")]
    [InlineData("const int C = -5;", "1 -{C}", "1 -(-5)")]
    [InlineData("const long C = 5_000_000_000;", "{C}", "5000000000")]
    [InlineData("const decimal C = 1.50m;", "{C}", "1.50")]
    [InlineData("const double C = 1.5;", "{C}", "'1.5'::float8")]
    [InlineData("const bool C = true;", "{C}", "true")]
    [InlineData("const char C = 'c';", "{C}", "'c'")]
    [InlineData("const DayOfWeek C = DayOfWeek.Friday;", "{C}", "'Friday'")]
    [InlineData("static readonly string C = \"x\";", "{C}", "'x'")]
    [InlineData("static readonly decimal C = -3;", "{C}", "(-3)")]
    [InlineData("", "{DayOfWeek.Friday}", "'Friday'")]
    [InlineData("", "{10}", "10")]
    public void Interpolation_OfAConstant_IsATypedLiteral(string member, string sql, string expected) =>
        Assert.Equal(
            [$"SELECT {expected}"],
            WorkflowSource.SqlOf(WorkflowSource.WithSql($"$\"SELECT {sql}\"", member.Length == 0 ? "" : "private " + member)));

    [Fact]
    public void Steps_WithVariables_AreNamedInSnakeCase() =>
        Assert.Equal(
            [
                "SELECT 1 => latest_order",
                "SELECT 2 => rows_2",
                "SELECT 3 => how_many",
                "SELECT 4",
                "SELECT $latest_order.total, $latest_order.note?, $latest_order.qty FROM $rows_2.* WHERE $how_many > 1",
            ],
            WorkflowSource.SqlOf(WorkflowSource.WithSteps(
                """
                .QuerySingle<Order>("SELECT 1", out var latestOrder)
                .Query<Order>(rows: out var rows_2, sql: "SELECT 2")
                .QuerySingle<long>("SELECT 3", out long howMany)
                .Query<Order>("SELECT 4", out _)
                .Execute($"SELECT {latestOrder.Total}, {latestOrder.Note}, {latestOrder.Quantity} FROM {rows_2} WHERE {howMany} > 1")
                """)));

    [Theory]
    [InlineData("string", "$x")]
    [InlineData("string?", "$x?")]
    [InlineData("int?", "$x?")]
    public void ScalarRow_IsNullSafeWhenItsTypeSaysSo(string type, string expected) =>
        Assert.Equal(
            ["SELECT 1 => x", $"SELECT {expected}"],
            WorkflowSource.SqlOf(WorkflowSource.WithSteps($$"""
                .QuerySingle<{{type}}>("SELECT 1", out var x).Execute($"SELECT {x}")
                """)));

    [Fact]
    public void Define_WithReturnStatement_IsRead() =>
        Assert.Equal(
            ["SELECT $input.id"],
            WorkflowSource.SqlOf(
                """
                [Workflow("a")]
                partial class A : IWorkflow<A.In>
                {
                    public record In(int Id);
                    public static Flow Define(Flow flow, In input) { return (flow).Execute($"SELECT {input.Id}"); }
                }
                """));
}
