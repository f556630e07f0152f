using System.Reflection;
using Microsoft.CodeAnalysis.CodeFixes;
using PgDurable.Generators.Lock;
using PgDurable.Generators.Tests.Diagnostics;

namespace PgDurable.Generators.Tests.CodeFixes;

public sealed class CodeFixTests
{
    private const string Old = "0000000000000000000000000000000000000000000000000000000000000000";

    private const string Renamed = "public record In(int OrderId, [property: Column(\"order_id\")] int Other);";
    private const string Deep =
        "public record In(Deep[] All); public class Deep { public int A { get; set; }\n    public int a { get; set; } }";

    /// <summary>The id, the source, the title of the fix, a part of the source, and what replaces it.</summary>
    public static TheoryData<string, string, string, string, string> Fixes => new()
    {
        { "PGD0001", Class("public sealed class W"), "Make 'W' partial", "sealed class", "sealed partial class" },
        { "PGD0001", Class("/* first */ class W"), "Make 'W' partial", "/* first */ class", "/* first */ partial class" },
        {
            "PGD0002", $"public class Outer {{ {Class("public partial class W")} }}", "Make 'Outer' partial",
            "class Outer", "partial class Outer"
        },
        {
            "PGD0001", ActivitySource.Class("public sealed class A"), "Make 'A' partial", "sealed class", "sealed partial class"
        },
        {
            "PGD0007", ActivitySource.Class("public partial class A", name: "\"ChargeCard\""), "Rename it to 'charge-card'",
            "ChargeCard", "charge-card"
        },
        { "PGD0005", Body("public sealed record In(int Id);\n"), "Add Define", "\n}", Define("Flow", "flow.Execute(\"SELECT 1\")") },
        {
            "PGD0005", Body("public sealed record In(int Id);\n", ", IReadOnlyList<long>"), "Add Define", "\n}",
            Define("Flow<IReadOnlyList<long>>", "flow.Query<long>(\"SELECT * FROM my_table\")")
        },
        {
            "PGD0005", Body("public sealed record In(int Id);\n", ", W.In?"), "Add Define", "\n}",
            Define("Flow<In?>", "flow.QuerySingle<In?>(\"SELECT * FROM my_table\")")
        },
        {
            "PGD0007", Class("public partial class W", "\"Order Approval!\""), "Rename it to 'order-approval'",
            "Order Approval!", "order-approval"
        },
        { "PGD0007", Class("public partial class W", "\"2_Orders\""), "Rename it to 'orders'", "2_Orders", "orders" },
        { "PGD0007", Class("public partial class ShipOrder", "\"\""), "Rename it to 'ship-order'", "(\"\")", "(\"ship-order\")" },
        { "PGD0010", Sql("$\"SELECT {DateTime.UtcNow}\""), "Use now()", "{DateTime.UtcNow}", "now()" },
        {
            "PGD0010", Sql("$\"SELECT {Guid.CreateVersion7()}, 1\""), "Use gen_random_uuid()",
            "{Guid.CreateVersion7()}", "gen_random_uuid()"
        },
        {
            "PGD0010", Sql("$\"\"\"SELECT {input.OrderId}, {DateTime.Today} \"\"\""), "Use current_date",
            "{DateTime.Today}", "current_date"
        },
        { "PGD0016", Sql("$\"SELECT {input.OrderId,5}\""), "Remove the format", ",5}", "}" },
        { "PGD0016", Sql("$\"SELECT {input.OrderId:N2}\""), "Remove the format", ":N2}", "}" },
        {
            "PGD0017", Sql("\"SELECT \" + input.Name"), "Use an interpolated string",
            "\"SELECT \" + input.Name", "$\"SELECT {input.Name}\""
        },
        {
            "PGD0017", Sql("\"SELECT '{}'::text[], \\\"a\\\", \" + input.Name + $\", {input.OrderId}\" + \" FROM t\""),
            "Use an interpolated string",
            "\"SELECT '{}'::text[], \\\"a\\\", \" + input.Name + $\", {input.OrderId}\" + \" FROM t\"",
            "$\"SELECT '{{}}'::text[], \\\"a\\\", {input.Name}, {input.OrderId} FROM t\""
        },
        {
            "PGD2003", Class("public partial class W", records: Renamed),
            "Map 'Other' to the column 'order_id_2'", "Column(\"order_id\")", "Column(\"order_id_2\")"
        },
        {
            "PGD2003", Class("public partial class W", records: "public record In(int OrderId, /* old */ int order_id);"),
            "Map 'order_id' to the column 'order_id_2'", "/* old */ int", "/* old */ [property: Column(\"order_id_2\")] int"
        },
        {
            "PGD2003", Class("public partial class W", records: Deep),
            "Map 'a' to the column 'a_2'", "    public int a", "    [Column(\"a_2\")]\n    public int a"
        },
    };

    [Theory]
    [MemberData(nameof(Fixes))]
    public async Task Fix_OfAMistake_MakesAValidWorkflow(string id, string source, string title, string old, string changed)
    {
        var result = await FixRun.ApplyAsync(source, id, title);

        var position = source.LastIndexOf(old, StringComparison.Ordinal);
        Assert.Equal(
            WithoutSpace(source[..position] + changed + source[(position + old.Length)..]), WithoutSpace(result.Source));
        GeneratorRun.Valid(result.Source);
    }

    [Theory]
    [InlineData("PGD0010", "$\"SELECT '{DateTime.Now}'\"")]
    [InlineData("PGD0017", "input.Name")]
    [InlineData("PGD0017", "@\"SELECT \" + input.Name")]
    [InlineData("PGD0017", "$\"SELECT {input.Name + \"x\"}\"")]
    public async Task Mistake_ThatNeedsThought_HasNoFix(string id, string sql) =>
        Assert.Empty((await FixRun.ApplyAsync(Sql(sql), id)).Titles);

    [Theory]
    [InlineData("\"w\", Version = 1", "\"w\", Version = 6")]
    [InlineData("\"w\"", "\"w\", Version = 6")]
    public async Task ChangedGraph_BecomesTheNextVersion(string name, string changed)
    {
        var source = Class("public partial class W", name);

        var result = await FixRun.ApplyAsync(
            source, "PGD3002", "Raise Version to 6", $$"""{"workflows": {"w": {"1": "{{Old}}", "5": "{{Old}}"} } }""");

        Assert.Equal(source.Replace(name, changed, StringComparison.Ordinal), result.Source);
        GeneratorRun.Valid(result.Source);
    }

    [Theory]
    [InlineData("PGD3002", "Replace the entry of version 1, which was never deployed", $$"""{"workflows": {"w": {"1": "{{Old}}"} } }""")]
    [InlineData("PGD3004", "Add version 1 to workflows.lock.json", """{"workflows": {}}""")]
    public async Task LockFile_GetsTheGraph(string id, string title, string file)
    {
        var source = Class("public partial class W");

        var result = await FixRun.ApplyAsync(source, id, title, file);

        Assert.Equal(source, result.Source);
        Assert.Null(LockFileReader.Read(result.Lock!, out var content));
        Assert.Equal(GraphHash.Of("{\"node_type\":\"SQL\",\"query\":\"SELECT 1\"}"), content.HashOf("w", 1));
        Assert.Empty((await FixRun.ApplyAsync(source, id, title: null, result.Lock)).Titles);
    }

    [Theory]
    [InlineData("PGD3004", "Add 'a' to workflows.lock.json", """{"workflows": {}}""")]
    [InlineData(
        "PGD3005", "Replace the entry of 'a', which was never deployed",
        """{"workflows": {}, "activities": {"a": "text", "b": "text"} }""")]
    public async Task LockFile_GetsTheActivity(string id, string title, string file)
    {
        var source = ActivitySource.Class("public partial class A");

        var result = await FixRun.ApplyAsync(source, id, title, file);

        Assert.Null(LockFileReader.Read(result.Lock!, out var content));
        Assert.Equal("(id: integer)", content.ShapeOf("a"));
        Assert.Equal(id == "PGD3005" ? "text" : null, content.ShapeOf("b"));
        Assert.Empty((await FixRun.ApplyAsync(source, id, title: null, result.Lock)).Titles);
    }

    [Fact]
    public void Fixes_AreExportedAndOfKnownIds() =>
        Assert.All(FixRun.Fixes, provider =>
        {
            Assert.NotNull(provider.GetType().GetCustomAttribute<ExportCodeFixProviderAttribute>());
            var known = DescriptorTests.Ids.Cast<object[]>().Select(row => (string)row[0]);
            Assert.All(
                provider.FixableDiagnosticIds, id => Assert.True(known.Contains(id) || id.StartsWith("CS", StringComparison.Ordinal), id));
        });

    // The editor decides on the layout.
    private static string WithoutSpace(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));

    private static string Class(string header, string name = "\"w\"", string records = "public record In(int Id);") =>
        $$"""
        {{records}}
        [Workflow({{name}})]
        {{header}} : IWorkflow<In>
        {
            public static Flow Define(Flow flow, In input) => flow.Execute("SELECT 1");
        }
        """;

    private static string Body(string members, string output = "") =>
        $$"""
        [Workflow("w")]
        public partial class W : IWorkflow<W.In{{output}}>
        {
            {{members}}
        }
        """;

    private static string Define(string flow, string steps) => $"\npublic static {flow} Define(Flow flow, In input) => {steps};\n}}";

    private static string Sql(string sql) => WorkflowSource.WithSql(sql);
}
