using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using PgDurable.Generators.Analyzers;
using PgDurable.Generators.Lock;

namespace PgDurable.Generators.Tests.Lock;

public sealed class ActivityLockTests
{
    private const string Result = " -> (id: uuid, lines: [(sku: text)])";
    private const string Shape = $"(order_id: integer, note: text?){Result}";

    /// <summary>The id, the locked shape, and a part of the message about an activity with <see cref="Shape"/>.</summary>
    public static TheoryData<string, string, string> Mistakes => new()
    {
        {
            "PGD3004", "", "The activity 'a' isn't in workflows.lock.json, so a later change to it would go unnoticed: " +
            $"add \"a\": \"{Shape}\""
        },
        { "PGD3004", $"(order_id: integer){Result}", "A new member of the activity 'a' isn't in workflows.lock.json" },
        { "PGD3005", $"(order_id: text, note: text?){Result}", "'order_id' in the input was text and is now integer" },
        { "PGD3005", $"(note: text?){Result}", "'order_id' in the input is new but not nullable" },
        { "PGD3005", $"(order_id: integer, note: text?, x: date?){Result}", "the input no longer has 'x'" },
        { "PGD3005", $"(order_id: integer, note: text){Result}", "'note' in the input wasn't nullable and now is" },
        { "PGD3005", $"(order_id: integer?, note: text?){Result}", "'order_id' in the input was nullable" },
        { "PGD3005", "(order_id: integer, note: text?)", "it didn't have a result" },
        { "PGD3005", $"text{Result}", "the input was text and is now an object" },
        { "PGD3005", "(order_id: integer, note: text?) -> (id: uuid, lines: (sku: text))",
            "'lines' in the result was an object and is now a list" },
        { "PGD3005", "(order_id: integer, note: text?) -> (id: uuid, lines: [(sku: date)])",
            "because 'sku' in an element of 'lines' in the result was date and is now text. Steps that are waiting would fail" },
        { "PGD3003", "(order_id: integer", "'a' must have a shape" },
        { "PGD3003", "(order_id integer)", "'a' must have a shape" },
        { "PGD3003", "text -> ", "'a' must have a shape" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Mistake_IsReported(string id, string locked, string message)
    {
        var diagnostic = Assert.Single(Run(Source(), locked.Length == 0 ? """{"workflows": {}}""" : File(locked)));

        Assert.Equal(id, diagnostic.Id);
        Assert.Contains(message, diagnostic.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        if (diagnostic.Location.SourceTree is { } tree)
            Assert.Equal("Activity(\"a\")", tree.GetText().ToString(diagnostic.Location.SourceSpan));
    }

    [Theory]
    [InlineData(Shape)]
    [InlineData("(note: text?, order_id: integer) -> (lines: [(sku: text)], id: uuid)")]
    public void Activity_AsItIsLocked_IsNotReported(string locked) => Assert.Empty(Run(Source(), File(locked)));

    [Theory]
    [InlineData("int", "string?", "IReadOnlyList<Line>?")]
    [InlineData("byte", "DayOfWeek?", "List<Line>?")]
    public void Type_WithTheSameForm_IsTheSame(string id, string note, string lines) =>
        Assert.Empty(Run(
            Source(id, note, lines),
            File("(order_id: integer, note: text?) -> (id: uuid, lines: [(sku: text)]?)")));

    [Fact]
    public void Type_ThatContainsItself_HasAShape()
    {
        var source = Source().Replace("record Line(string Sku)", "record Line(Line? Next, [property: Column(\"it's\")] Line[] Others)",
            StringComparison.Ordinal);

        Assert.Empty(Run(source, File("(order_id: integer, note: text?) -> (id: uuid, lines: [(next: ^1?, 'it''s': [^1])])")));
        Assert.Contains(
            "'next' in an element of 'lines' in the result was the object 2 levels out and is now the object 1 levels out",
            Assert.Single(Run(source, File("(order_id: integer, note: text?) -> (id: uuid, lines: [(next: ^2?, 'it''s': [^1])])")))
                .GetMessage(CultureInfo.InvariantCulture),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]", "'activities' must be an object")]
    [InlineData("""{"a": {"1": "x"}}""", "'a' must have a shape")]
    public void Activities_OfAnotherForm_AreReported(string activities, string message)
    {
        var diagnostic = Assert.Single(Run(Source(), $$"""{"workflows": {}, "activities": {{activities}}}"""));

        Assert.Equal("PGD3003", diagnostic.Id);
        Assert.Contains(message, diagnostic.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    [Fact]
    public void File_ThatIsWritten_IsReadAgain()
    {
        var content = new WorkflowLock();
        content.Set("w", 1, new string('0', 64));
        content.SetActivity("b", "text");
        content.SetActivity("a", "('\"': text)");

        Assert.Null(LockFileReader.Read(content.ToJson(), out var read));

        Assert.Equal(content.ToJson(), read.ToJson());
        Assert.Equal(("text", "('\"': text)", null), (read.ShapeOf("b"), read.ShapeOf("a"), read.ShapeOf("c")));
        Assert.EndsWith("\n  },\n  \"activities\": {\n    \"a\": \"('\\\"': text)\",\n    \"b\": \"text\"\n  }\n}\n", content.ToJson());
    }

    private static string File(string shape) => $$"""{"workflows": {}, "activities": {"a": "{{shape}}"} }""";

    private static IReadOnlyList<Diagnostic> Run(string source, string file) =>
        GeneratorRun.Of(source).Diagnostics([new LockFile(file)], new LockAnalyzer());

    private static string Source(string id = "long", string note = "string?", string lines = "Line[]") =>
        $$"""
        public sealed record Line(string Sku);
        public sealed record Receipt(Guid Id, {{lines}} Lines);
        public sealed record Input({{id}} OrderId, {{note}} Note);

        [Activity("a")]
        public sealed partial class A : IActivity<Input, Receipt>
        {
            public Task<Receipt> RunAsync(Input input, ActivityContext context, CancellationToken ct) => throw new NotSupportedException();
        }
        """;

    private sealed class LockFile(string text) : AdditionalText
    {
        public override string Path => "/project/workflows.lock.json";

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }
}
