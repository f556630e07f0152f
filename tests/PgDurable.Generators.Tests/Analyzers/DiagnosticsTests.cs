using System.Globalization;
using Microsoft.CodeAnalysis;

namespace PgDurable.Generators.Tests.Analyzers;

public sealed partial class DiagnosticsTests
{
    /// <summary>Each source has one mistake, between the brackets ⟦ and ⟧.</summary>
    public static TheoryData<string, string> Mistakes => new()
    {
        { "PGD0001", Class("public sealed class ⟦W⟧") },
        { "PGD0002", "public class ⟦Outer⟧ { " + Class("public sealed partial class W") + " }" },
        { "PGD0003", Class("public sealed partial class ⟦W⟧<T>", "IWorkflow<In>") },
        { "PGD0003", Class("file sealed partial class ⟦W⟧", "IWorkflow<In>") },
        { "PGD0004", "[Workflow(\"w\")] public partial class ⟦W⟧ { }" },
        { "PGD0005", "public record In(int Id); "
            + "public class Base { public static Flow Define(Flow flow, In input) => flow.Execute(\"SELECT 1\"); } "
            + "[Workflow(\"w\")] public partial class ⟦W⟧ : Base, IWorkflow<In> { }" },
        { "PGD0006", Define("{ ⟦var x = 1;⟧ return flow.Execute(\"SELECT 1\"); }") },
        { "PGD0007", Class("public sealed partial class W", name: "⟦\"Order Approval\"⟧") },
        { "PGD0007", Class("public sealed partial class W", name: "⟦\"\"⟧") },
        { "PGD0010", WorkflowSource.WithSql("$\"SELECT {⟦DateTime.UtcNow⟧}\"") },
        { "PGD0010", WorkflowSource.WithSql("$\"SELECT {⟦Guid.NewGuid()⟧}\"") },
        { "PGD0011", WorkflowSource.WithSql("$\"SELECT {⟦input.Name.Normalize()⟧}\"") },
        { "PGD0011", WorkflowSource.WithSql("$\"SELECT {⟦input.Name[0]⟧}\"") },
        { "PGD0012", WorkflowSource.WithSql("$\"SELECT {⟦input.OrderId << 1⟧}\"") },
        { "PGD0015", WorkflowSource.WithSql("$\"SELECT '{⟦input.OrderId + 1⟧}'\"") },
        { "PGD0028", WorkflowSource.WithSql("$\"SELECT * FROM {⟦input.Name + \"x\"⟧}\"") },
        { "PGD0013", WorkflowSource.WithSql("$\"SELECT {⟦Limit⟧}\"", "private static int Limit = 3;") },
        { "PGD0013", WorkflowSource.WithSql("$\"SELECT {⟦Limit⟧}\"", "private static readonly int Limit = Math.Abs(3);") },
        { "PGD0015", WorkflowSource.WithSteps(".QuerySingle<Order>(\"SELECT 1\", out var order).Execute($\"SELECT {⟦order⟧}\")") },
        { "PGD0016", WorkflowSource.WithSql("$\"SELECT {input.OrderId⟦:N2⟧}\"") },
        { "PGD0016", WorkflowSource.WithSql("$\"SELECT {input.OrderId⟦,5⟧}\"") },
        { "PGD0017", WorkflowSource.WithSql("\"SELECT \" + ⟦input.Name⟧") },
        { "PGD0017", WorkflowSource.WithSql("⟦input.Name⟧") },
        { "PGD0018", WorkflowSource.WithSql("$\"SELECT ⟦{input.OrderId}⟧x\"") },
        { "PGD0018", WorkflowSource.WithSql("$\"SELECT ⟦{input.OrderId}⟧?\"") },
        { "PGD0018", WorkflowSource.WithSql("$\"SELECT ⟦{input}⟧.name\"") },
        { "PGD0018", WorkflowSource.WithSql("$\"SELECT ⟦{input.OrderId}⟧$\"") },
        { "PGD0018", WorkflowSource.WithSql("$\"SELECT $⟦{input.OrderId}⟧\"") },
        { "PGD0018", WorkflowSource.WithSql("$\"SELECT x⟦{input.OrderId}⟧\"") },
        { "PGD0018", WorkflowSource.WithSql("$\"SELECT '⟦{input.Name}⟧_x'\"") },
        { "PGD0018", WorkflowSource.WithSql("$\"SELECT '⟦{input}⟧.name'\"") },
        { "PGD0018", WorkflowSource.WithSql("$\"SELECT E'\\\\⟦{input.Name}⟧'\"") },
        { "PGD0019", WorkflowSource.WithSql("$\"SELECT {⟦new[] { 1 }⟧}\"") },
        { "PGD0020", WorkflowSource.WithSql("$\"SELECT '⟦{C}⟧'\"", "private const string C = \"$x\";") },
        { "PGD0020", WorkflowSource.WithSql("$\"SELECT '⟦{C}⟧'\"", "private const string C = @\"a\\b\";") },
        { "PGD0015", WorkflowSource.WithSql("$\"SELECT '{⟦input.Address.City⟧}'\"") },
        { "PGD0015", WorkflowSource.WithSteps(".WaitForSignal<int>(\"go\", out var go).Execute($\"SELECT {⟦go⟧}\")") },
        { "PGD0021", WorkflowSource.WithSteps(".Sleep(⟦Pause⟧)", "private static TimeSpan Pause = TimeSpan.Zero;") },
        { "PGD0021", WorkflowSource.WithSteps(".WaitForSignal(⟦input.Name⟧)") },
        { "PGD0021", WorkflowSource.WithSteps(".Execute(\"SELECT 1\", retry: ⟦new Retry(3) with { Backoff = 1 }⟧)") },
        { "PGD0021", WorkflowSource.WithSteps(
            ".If(true, ⟦Then⟧)", "private static Func<Flow, Flow> Then = f => f.Execute(\"SELECT 1\");") },
        { "PGD0021", WorkflowSource.WithSteps(".HttpGet(\"https://example.com\", headers: ⟦input⟧)") },
        { "PGD0022", WorkflowSource.WithSteps(".WaitForSignal(\"go\", ⟦TimeSpan.FromMilliseconds(0.1)⟧)") },
        { "PGD0021", WorkflowSource.WithSteps(".SleepUntil(⟦DateTimeOffset.MaxValue⟧)") },
        { "PGD0022", WorkflowSource.WithSteps(".Sleep(⟦TimeSpan.FromDays(-1)⟧)") },
        { "PGD0022", WorkflowSource.WithSteps(".While(\"SELECT true\", f => f.Execute(\"SELECT 1\"), ⟦TimeSpan.FromDays(2)⟧)") },
        { "PGD0021", WorkflowSource.WithSteps(".Forever(f => f.Break(), continueOnFailure: ⟦GoOn⟧)", "private static bool GoOn = true;") },
        { "PGD0022", WorkflowSource.WithSteps(".WaitForSignal(\"go\", ⟦TimeSpan.Zero⟧)") },
        { "PGD0022", WorkflowSource.WithSteps(".WaitForSignal(⟦\"\"⟧)") },
        { "PGD0022", WorkflowSource.WithSteps(".WaitForSchedule(⟦\"* * 32 * *\"⟧)") },
        { "PGD0022", WorkflowSource.WithSteps(".WaitForSchedule(\"@daily\", ⟦\"Paris, France\"⟧)") },
        { "PGD0022", WorkflowSource.WithSteps(".Execute(\"SELECT 1\", timeout: ⟦TimeSpan.FromDays(400)⟧)") },
        { "PGD0022", WorkflowSource.WithSteps(".Execute(\"SELECT 1\", retry: ⟦new Retry(0)⟧)") },
        { "PGD0022", WorkflowSource.WithSteps(".Execute(\"SELECT 1\", retry: new(2) { Backoff = ⟦0.5⟧ })") },
        { "PGD0022", WorkflowSource.WithSteps(".Execute(\"SELECT 1\", retry: new(2) { On = [⟦\"4000\"⟧] })") },
        { "PGD0022", WorkflowSource.WithSteps(".HttpGet(⟦\"ftp://example.com/x\"⟧)") },
        { "PGD0022", WorkflowSource.WithSteps(".HttpGet(⟦\"https:///x\"⟧)") },
        { "PGD0022", WorkflowSource.WithSteps(".Fail(\"no\", ⟦\"nope!\"⟧)") },
        { "PGD0022", WorkflowSource.WithSteps(".⟦Race⟧(f => f.Execute(\"SELECT 1\"))") },
        { "PGD0022", WorkflowSource.WithSteps(
            ".Query<int>(\"SELECT 1\", out var rows).ForEach(rows, (f, row) => f.Execute($\"SELECT {row}\"), ⟦0⟧)") },
        { "PGD0023", WorkflowSource.WithSteps(".Again()")
            + " public static class Parts { [WorkflowFragment] public static Flow ⟦Again⟧(this Flow flow) => flow.Again(); }" },
        { "PGD0023", WorkflowSource.WithSteps(".Two()") + " public static class Parts { "
            + "[WorkflowFragment] public static Flow ⟦Two⟧(this Flow flow) { flow.Execute(\"SELECT 1\"); return flow; } }" },
        { "PGD0024", WorkflowSource.WithSteps(
            ".Try(f => f.Execute(\"SELECT 1\"), "
            + "(f, e) => f.Try(g => g.Execute(\"SELECT 2\"), (g, inner) => g.Execute($\"SELECT {⟦e⟧.Message}\")))") },
        { "PGD0026", "public record In(int Id); public partial class ⟦CloseOrder⟧ : IWorkflow<In> "
            + "{ public static Flow Define(Flow flow, In input) => flow.Execute(\"SELECT 1\"); }" },
        { "PGD0027", Define("=> flow.Execute(\"SELECT 1\");", "public static int ⟦Definition⟧ => 1;") },
        { "PGD0027", Define("=> flow.Execute(\"SELECT 1\");", "public sealed record ⟦Definition⟧(int Id);") },
        { "PGD0027", Define("=> flow.Execute(\"SELECT 1\");",
            "public static Task ⟦StartAsync⟧(DurableClient client, In input, StartOptions? options, CancellationToken ct) => "
                + "Task.CompletedTask;") },
        { "PGD0028", WorkflowSource.WithSql("$\"SELECT * FROM {⟦input.Name⟧}\"") },
        { "PGD0028", WorkflowSource.WithSql("$\"SELECT * FROM a, {⟦input.Name⟧}\"") },
        { "PGD0028", WorkflowSource.WithSql("$\"INSERT INTO shop.{⟦input.Name⟧} VALUES (1)\"") },
        { "PGD0020", WorkflowSource.WithSql("$\"SELECT * FROM ⟦{C}⟧\"", "private const string C = \"shop.t AS x\";") },
        { "PGD0020", WorkflowSource.WithSql("$\"TRUNCATE ⟦{C}⟧\"", "private const int C = 3;") },
        { "PGD0015", WorkflowSource.WithSql("$\"SELECT '{⟦input.Ids⟧}'\"") },
        { "PGD0015", WorkflowSource.WithSql("$\"SELECT 1 FROM t WHERE id IN ( {⟦input.Ids⟧})\"") },
        { "PGD0015", WorkflowSource.WithSteps(
            ".QuerySingle<Times>(\"SELECT 1\", out var row).Execute($\"SELECT {⟦row.At⟧}\")", "public record Times(DateTime[] At);") },
        { "PGD0029", WorkflowSource.WithSteps(
            ".QuerySingle<int>(\"SELECT 0\", out var total).Query<int>(\"SELECT 1\", out var rows)"
            + ".ForEach(rows, (f, n) => f.If(true, g => g.QuerySingle<int>($\"SELECT {total} + {n}\", ⟦out total⟧)))") },
        { "PGD0029", WorkflowSource.WithSteps(
            ".QuerySingle<int>(\"SELECT 0\", out var n)"
            + ".Parallel(a => a.QuerySingle<int>(\"SELECT 1\", ⟦out n⟧), b => b.Execute(\"SELECT 1\"))") },
        { "PGD0029", WorkflowSource.WithSteps(
            ".QuerySingle<int>(\"SELECT 0\", out var n).Compensate(f => f.QuerySingle<int>(\"SELECT 1\", ⟦out n⟧))") },
        { "PGD0030", WorkflowSource.WithSteps(
            ".QuerySingle<Order>(\"SELECT 1\", out var order).If(order is ⟦{ Total: > 3 }⟧, f => f.Execute(\"SELECT 1\"))") },
        { "PGD0010", WorkflowSource.WithSteps(".If(⟦DateTime.UtcNow⟧.Hour > 3, f => f.Execute(\"SELECT 1\"))") },
        { "PGD0010", WorkflowSource.WithSteps(
            ".QuerySingle<DateTimeOffset>(\"SELECT now()\", out var at)"
            + ".If(at < ⟦DateTimeOffset.UtcNow⟧.AddDays(-1), f => f.Execute(\"SELECT 1\"))") },
        { "PGD0012", WorkflowSource.WithSteps(
            ".QuerySingle<Row>(\"SELECT 1\", out var row).If(⟦row.Day > DayOfWeek.Monday⟧, f => f.Execute(\"SELECT 1\"))",
            "public record Row(DayOfWeek Day);") },
        { "PGD1001", Define("=> ⟦flow⟧;") },
        { "PGD1001", WorkflowSource.WithSteps(".If(true, f => ⟦f⟧)") },
        { "PGD1007", WorkflowSource.WithSteps(".If(true, f => ⟦flow⟧.Execute(\"SELECT 1\"))") },
        { "PGD1008", WorkflowSource.WithSteps(".Fail(\"no\").⟦Execute⟧(\"SELECT 1\")") },
        { "PGD1008", WorkflowSource.WithSteps(".Forever(f => f.Sleep(TimeSpan.FromDays(1))).⟦Execute⟧(\"SELECT 1\")") },
        { "PGD1008", WorkflowSource.WithSteps(".Forever(f => f.If(true, g => g.Break(), g => g.Fail(\"no\")).⟦Sleep⟧(TimeSpan.Zero))") },
        { "PGD1009", WorkflowSource.WithSteps(".⟦Forever⟧(f => f.Execute(\"SELECT 1\"))") },
        { "PGD1010", WorkflowSource.WithSteps(".⟦Break⟧()") },
        { "PGD1011", WorkflowSource.WithSteps(".⟦Compensate⟧(f => f.Execute(\"SELECT 1\"))") },
        { "PGD1012", WorkflowSource.WithSteps(".WaitForSignal<int>(\"go\", out var a).⟦WaitForSignal<long>⟧(\"go\", out var b)") },
        { "PGD0031", Tagged("[⟦Tag(\"Status\")⟧] string Name") },
        { "PGD0031", Tagged("[⟦Tag⟧] string Label") },
        { "PGD0031", Tagged("[⟦Tag(\"two words\")⟧] string Name") },
        { "PGD0031", Tagged("[property: ⟦Tag⟧] int[] Ids") },
        { "PGD0031", Tagged("[Tag] int First, [⟦Tag(\"first\")⟧] int Second") },
        { "PGD0031", Tagged("[⟦Tag(\"x\")⟧, Column(\"größe\")] int Size") },
        { "PGD0022", WorkflowSource.WithSteps(".Tag(⟦\"status\"⟧, 1)") },
        { "PGD0022", WorkflowSource.WithSteps(".Tag(⟦\"\"⟧, 1)") },
        { "PGD0021", WorkflowSource.WithSteps(".Tag(⟦input.Name⟧, 1)") },
        { "PGD0015", WorkflowSource.WithSteps(".Tag(\"address\", ⟦input.Address⟧)") },
        { "PGD0015", WorkflowSource.WithSteps(".Tag(\"ids\", ⟦input.Ids⟧)") },
        { "PGD1016", WorkflowSource.WithSteps(".Publish(1).⟦Publish⟧(\"text\")") },
        { "PGD1016", WorkflowSource.WithSteps(".⟦Publish⟧(new { input.OrderId })") },
        { "PGD1016", WorkflowSource.WithSteps(".⟦Publish<object>⟧(input.OrderId)") },
        { "PGD1013", WorkflowSource.WithSteps(string.Concat(Enumerable.Repeat(".Retry(new Retry(2), f => f", 60)) + ".Execute(\"SELECT 1\")"
            + string.Concat(Enumerable.Repeat(string.Concat(Enumerable.Repeat(".Execute(\"SELECT 1\")", 4)) + ")", 60)))
            .Replace("Define", "⟦Define⟧", StringComparison.Ordinal) },
        { "PGD1002", Define("=> ⟦Other⟧(flow);", "private static Flow Other(Flow flow) => flow;") },
        { "PGD1002", Define("=> ⟦Other⟧(flow).Execute(\"SELECT 1\");", "private static Flow Other(Flow flow) => flow;") },
        { "PGD1003", WorkflowSource.WithSteps(
            ".QuerySingle<Order>(\"SELECT 1\", out var theOrder).QuerySingle<Order>(\"SELECT 1\", out var ⟦the_order⟧)") },
        { "PGD1004", WorkflowSource.WithSteps(".QuerySingle<Order>(\"SELECT 1\", out var ⟦Input⟧)")
            .Replace("Input input", "Ship.Input input", StringComparison.Ordinal) },
        { "PGD1004", WorkflowSource.WithSteps(".QuerySingle<Order>(\"SELECT 1\", out var ⟦größe⟧)") },
        { "PGD1004", WorkflowSource.WithSteps(".QuerySingle<Order>(\"SELECT 1\", out var ⟦error⟧)") },
        { "PGD1005", Class("public sealed partial class A") + Class("public sealed partial class ⟦B⟧", records: false) },
        { "PGD1006", WorkflowSource.WithSteps(string.Concat(Enumerable.Repeat(".Execute(\"SELECT 1\")", 258)))
            .Replace("Define", "⟦Define⟧", StringComparison.Ordinal) },
        { "PGD1015", WorkflowSource.WithSteps(
            ".QuerySingle<int>(\"SELECT 1\", out var n).While(⟦n > 0⟧, f => f.QuerySingle<int>(\"SELECT 2\", out var m))") },
        { "PGD1015", WorkflowSource.WithSteps(".While(⟦input.OrderId > 0⟧, f => f.Sleep(TimeSpan.FromHours(1)))") },
        { "PGD2001", WorkflowSource.WithSql("⟦\" \"⟧") },
        { "PGD2001", WorkflowSource.WithSql("⟦$\"\"⟧") },
        { "PGD2002", "[Workflow(\"w\")] public partial class W : IWorkflow<long> "
            + "{ public static Flow Define(Flow flow, ⟦long⟧ id) => flow.Execute(\"SELECT 1\"); }" },
        { "PGD2002", Typed("Uri Link", "int Id", inputIsWrong: true) },
        { "PGD2002", Typed("int Id", "Dictionary<string, int> Map", inputIsWrong: false) },
        { "PGD2003", Typed("int OrderId, [property: Column(\"order_id\")] int Other", "int Id", inputIsWrong: true) },
        { "PGD2004", WorkflowSource.WithSql("$\"SELECT 1 -- ⟦{input.Name}⟧\"") },
        { "PGD2004", WorkflowSource.WithSql("$\"SELECT 1 /* ⟦{input.Name}⟧ */\"") },
        { "PGD2004", WorkflowSource.WithSql("$\"SELECT B'⟦{input.Name}⟧'\"") },
        { "PGD0018", WorkflowSource.WithSql("$\"SELECT '⟦{input.Name}⟧é'\"") },
        { "PGD0018", WorkflowSource.WithSql("$\"DO $f$ x⟦{input.Name}⟧ $f$\"") },
        { "PGD2005", WorkflowSource.WithSql("⟦\"SELECT 1; SELECT 2\"⟧") },
        { "PGD2005", WorkflowSource.WithSql("⟦\"COMMIT\"⟧") },
        { "PGD2005", WorkflowSource.WithSql("⟦$\"SELECT '{input.Name}\"⟧") },
        { "PGD2005", WorkflowSource.WithSql("⟦\"SELECT '\\0'\"⟧") },
        { "PGD0020", WorkflowSource.WithSql("$\"SELECT ⟦{C}⟧\"", "private const string C = \"\\0\";") },
        { "PGD3001", Class("public sealed partial class W", name: "\"w\", ⟦Version = 0⟧") },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Mistake_IsReportedWhereItIs(string id, string marked)
    {
        var start = marked.IndexOf('⟦', StringComparison.Ordinal);
        var source = marked.Replace("⟦", "", StringComparison.Ordinal);
        var end = source.IndexOf('⟧', StringComparison.Ordinal);
        source = source.Replace("⟧", "", StringComparison.Ordinal);

        var run = GeneratorRun.Of(source);

        var diagnostic = Assert.Single(run.Diagnostics());
        Assert.Equal(id, diagnostic.Id);
        Assert.Equal(source[start..end], source.Substring(diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.Length));
        Assert.Equal(start, diagnostic.Location.SourceSpan.Start);
        if (id is not ("PGD1005" or "PGD1015"))
            Assert.Empty(run.Sources);
    }

    [Theory]
    [InlineData("DateTime.Now", "now()")]
    [InlineData("DateTimeOffset.UtcNow", "now()")]
    [InlineData("DateTime.Today", "current_date")]
    [InlineData("Guid.NewGuid()", "gen_random_uuid()")]
    [InlineData("Random.Shared.Next()", "random()")]
    [InlineData("Math.Abs(1)", "pass it in the input")]
    public void Message_SaysWhatToWriteInstead(string expression, string advice)
    {
        var diagnostic = Assert.Single(GeneratorRun.Of(WorkflowSource.WithSql($$"""$"SELECT {{{expression}}}" """)).Diagnostics());

        Assert.Contains(advice, diagnostic.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    [Fact]
    public void EncodingOfAUrlsPart_IsSaidToBeNeedless() => Assert.Contains(
        "encoded anyway",
        Assert.Single(GeneratorRun.Of(WorkflowSource.WithSteps(".HttpGet($\"https://example.com/{Uri.EscapeDataString(input.Name)}\")"))
            .Diagnostics()).GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    /// <summary>Errors that the compiler itself reports are neither reported again nor lowered.</summary>
    [Theory]
    [InlineData(".Execute($\"SELECT {input.Missing}\")")]
    [InlineData(".Execute($\"SELECT {missing}\")")]
    [InlineData(".Execute($\"SELECT {order.Total}\").QuerySingle<Order>(\"SELECT 1\", out var order)")]
    [InlineData(".Execute(1)")]
    [InlineData(".Run(\"SELECT 1\")")]
    [InlineData(".If(true, (f, x) => f)")]
    [InlineData(".If(missing, f => f.Execute(\"SELECT 1\"))")]
    [InlineData(".If(input::vector, f => f.Execute(\"SELECT 1\"))")]
    [InlineData(".QuerySingle<Missing>(\"SELECT 1\").Execute(")]
    public void CompilerError_IsLeftToTheCompiler(string steps)
    {
        var run = GeneratorRun.Of(WorkflowSource.WithSteps(steps));

        Assert.Empty(run.Diagnostics());
        Assert.NotEmpty(run.Output.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
    }

    [Fact]
    public void SeveralMistakes_AreAllReported() =>
        Assert.Equal(
            ["PGD0016", "PGD0011", "PGD2001"],
            GeneratorRun.Of(WorkflowSource.WithSteps(".Execute($\"SELECT {input.OrderId:N2}, {input.Name.Normalize()}\").Execute(\"\")"))
                .Diagnostics().Select(diagnostic => diagnostic.Id));
}
