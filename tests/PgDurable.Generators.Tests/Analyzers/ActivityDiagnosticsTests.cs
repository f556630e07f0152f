using System.Globalization;
using PgDurable.Generators.Analyzers;

namespace PgDurable.Generators.Tests.Analyzers;

public sealed class ActivityDiagnosticsTests
{
    /// <summary>Each source has one mistake, between the brackets ⟦ and ⟧; and a part of the message.</summary>
    public static TheoryData<string, string, string> Mistakes => new()
    {
        { "PGD0001", ActivitySource.Class("public sealed class ⟦A⟧"), "'A' isn't partial" },
        { "PGD0002", "public class ⟦Outer⟧ { " + ActivitySource.Class("public sealed partial class A") + " }", "'Outer'" },
        { "PGD0003", ActivitySource.Class("public sealed partial class ⟦A⟧<T>"),
            "can't be an activity because it, or a type around it, is generic" },
        { "PGD0003", ActivitySource.Class("file sealed partial class ⟦A⟧"), "file-local" },
        { "PGD0004", "[Activity(\"a\")] public partial class ⟦A⟧ { }", "'A' must implement one of IActivity<TIn>" },
        { "PGD0004", ActivitySource.Class("public partial class ⟦A⟧", "IActivity<In>, ITransactionalActivity<In>", members:
            "public Task RunAsync(In input, NpgsqlTransaction t, ActivityContext context, CancellationToken ct) => Task.CompletedTask;"),
            "only once" },
        { "PGD0007", ActivitySource.Class("public sealed partial class A", name: "⟦\"Charge Card\"⟧"), "a valid name of an activity" },
        { "PGD0007", ActivitySource.Class("public sealed partial class A", name: $"⟦\"{new string('a', 201)}\"⟧"), "at most 200" },
        { "PGD0025", ActivitySource.Class("public abstract partial class ⟦A⟧"), "it is abstract" },
        { "PGD0025", ActivitySource.Class("public partial class ⟦A⟧", members: "private A() { }"), "no public constructor" },
        { "PGD0025", $"public partial class Outer {{ {ActivitySource.Class("private partial class ⟦A⟧")} }}",
            "no other class can access it" },
        { "PGD0025", ActivitySource.Class("public partial class ⟦A⟧", "IActivity<A.In>",
            members: "private record In(int Id);", records: "")
            .Replace("public Task RunAsync(In", "Task IActivity<In>.RunAsync(In", StringComparison.Ordinal),
            "the type of its input or result" },
        { "PGD0025", "public record In(int Id); [Workflow(\"w\"), Activity(\"a\")] "
            + "public partial class ⟦A⟧ : IWorkflow<In>, IActivity<In> { "
            + "public static Flow Define(Flow flow, In input) => flow.Execute(\"SELECT 1\"); "
            + "public Task RunAsync(In input, ActivityContext context, CancellationToken ct) => Task.CompletedTask; }",
            "it is a workflow too" },
        { "PGD1005", ActivitySource.Class("public sealed partial class A")
            + ActivitySource.Class("public sealed partial class ⟦B⟧", records: ""),
            "The activity name 'a' is already taken by 'A'. Choose another name." },
        { "PGD2002", ActivitySource.Class("public partial class A", records: "public record In(Uri Link);")
            .Replace("(In input", "(⟦In⟧ input", StringComparison.Ordinal),
            "The input of activity 'a' (property 'In.Link') can't be read and written: the database has no form for 'Uri'" },
        { "PGD2002", "public class Out { public Out(int x) { } } [Activity(\"a\")] public partial class A : IActivity<int, Out> { "
            + "public ⟦Task<Out>⟧ RunAsync(int input, ActivityContext context, CancellationToken ct) => throw new(); }",
            "The result of activity 'a' can't be read and written: 'Out' has no constructor" },
        { "PGD2003", ActivitySource.Class("public partial class A", records: "public record In(int Id, int id);")
            .Replace("(In input", "(⟦In⟧ input", StringComparison.Ordinal), "'Id' and 'id'" },
        { "PGD0021", Steps(".Run(⟦Charge⟧, new(1, 2, null))",
            "private static readonly ActivityDefinition<ChargeCard.Input, ChargeCard.Receipt> Charge = ChargeCard.Definition;"),
            "write the Definition of a class with [Activity], such as ChargeCard.Definition" },
        { "PGD0021", Steps(".Run(⟦Holder.Definition⟧, 1L, out var n)") + " public static class Holder { "
            + "public static ActivityDefinition<long, ChargeCard.Receipt?> Definition => FindReceipt.Definition; }",
            "'Holder.Definition'" },
        { "PGD0021", Steps(".Run(SendMail.Definition, \"x\", ⟦input.Name⟧)"), "a string constant" },
        { "PGD0022", Steps(".Run(SendMail.Definition, \"x\", ⟦\"\"⟧)"), "1 to 200 characters" },
        { "PGD0022", Steps(".Run(SendMail.Definition, \"x\", queue: ⟦Long⟧)",
            $"private const string Long = \"{new string('q', 201)}\";"),
            "1 to 200 characters" },
        { "PGD0022", Steps(".Run(SendMail.Definition, \"x\", retry: ⟦new(0)⟧)"), "number of attempts" },
        { "PGD0013", Steps(".Run(ChargeCard.Definition, new(1, ⟦Limit⟧, null))", "private static decimal Limit = 3;"),
            "doesn't know 'Limit'" },
        { "PGD0020", Steps(".Run(Wait.Definition, ⟦new(1)⟧)") + """
            [Activity("wait")]
            public sealed partial class Wait : IActivity<Wait.Input>
            {
                public sealed record Input(int Id, Guid Key = default);
                public Task RunAsync(Input input, ActivityContext context, CancellationToken ct) => Task.CompletedTask;
            }
            """, "'Key' can't be written here: its default has no form in the database; pass the argument" },
        { "PGD0021", Steps(".Run(ChargeCard.Definition, new(1, 2, null), out var receipt)"
            + ".ForEach(⟦new[] { receipt.Note! }⟧, (f, t) => f.Run(SendMail.Definition, t))"),
            "a list of the input or of a result" },
        { "PGD0022", Steps(".If(true, f => f.Run(FindLines.Definition, new()), f => f.Query<FindLines.Line>(\"SELECT 1\"), "
            + "⟦out IReadOnlyList<FindLines.Line> lines⟧)"), "let all branches return the same" },
        { "PGD0015", Steps(".Forever<IReadOnlyList<FindLines.Line>>(f => f"
            + ".Run(FindLines.Definition, new(), out var lines).Break(⟦lines⟧))"),
            "one element of the list" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Mistake_IsReportedWhereItIs(string id, string marked, string message)
    {
        var start = marked.IndexOf('⟦', StringComparison.Ordinal);
        var source = marked.Replace("⟦", "", StringComparison.Ordinal);
        var end = source.IndexOf('⟧', StringComparison.Ordinal);
        source = source.Replace("⟧", "", StringComparison.Ordinal);

        var diagnostic = Assert.Single(GeneratorRun.Of(source).Diagnostics());

        Assert.Equal(id, diagnostic.Id);
        Assert.Contains(message, diagnostic.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        Assert.Equal(source[start..end], source.Substring(diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.Length));
    }

    /// <summary>Errors that the compiler itself reports are neither reported again nor lowered.</summary>
    [Theory]
    [InlineData(".Run(Missing.Definition, 1)")]
    [InlineData(".Run(ChargeCard.Definition, new(1))")]
    [InlineData(".Run(ChargeCard.Definition, new(1, 2, receipt.Note), out var receipt)")]
    [InlineData(".Run(SendMail.Definition, \"x\", out var nothing)")]
    [InlineData(".Run(Ship.Definition, input)")]
    [InlineData(".Run(ChargeCard, 1)")]
    public void CompilerError_IsLeftToTheCompiler(string steps) => Assert.Empty(GeneratorRun.Of(Steps(steps)).Diagnostics());

    [Fact]
    public void Activity_ThatNoWorkflowRuns_IsInformedAbout()
    {
        var diagnostic = Assert.Single(
            GeneratorRun.Of(Steps(".Run(ChargeCard.Definition, new(1, 2, null))") + ActivitySource.Class("public partial class Unused"))
                .Diagnostics(new ActivityUseAnalyzer()),
            diagnostic => diagnostic.GetMessage(CultureInfo.InvariantCulture).Contains("'Unused'", StringComparison.Ordinal));

        Assert.Equal("PGD1014", diagnostic.Id);
        Assert.Equal("Unused", diagnostic.Location.SourceTree!.GetText().ToString(diagnostic.Location.SourceSpan));
    }

    [Fact]
    public void Activities_OfAWorkflowAndItsFragments_AreUsed() =>
        Assert.Equal(
            ["CountOrders", "FindLines", "SetRate", "FindReceipt"],
            GeneratorRun.Of(
                Steps(".Run(ChargeCard.Definition, new(1, 2, null)).Mail()")
                + " public static class Parts { [WorkflowFragment] public static Flow Mail(this Flow flow) => "
                + "flow.Run(SendMail.Definition, \"x\"); }")
                .Diagnostics(new ActivityUseAnalyzer())
                .Select(diagnostic => diagnostic.Location.SourceTree!.GetText().ToString(diagnostic.Location.SourceSpan)));

    [Fact]
    public void Activities_OfALibraryWithoutWorkflows_AreNotInformedAbout() =>
        Assert.Empty(GeneratorRun.Valid(ActivitySource.Class("public partial class A")).Diagnostics(new ActivityUseAnalyzer()));

    private static string Steps(string steps, string members = "") => WorkflowSource.WithSteps(steps, members) + ActivitySource.All;
}
