using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using PgDurable.Generators.Analyzers;
using PgDurable.Generators.Lock;

namespace PgDurable.Generators.Tests.Lock;

public sealed class LockTests
{
    private const string Other = "0000000000000000000000000000000000000000000000000000000000000000";
    private const string Workflow = "{\"node_type\":\"SQL\",\"query\":\"SELECT 1\"}";

    private static readonly string Hash = GraphHash.Of(Workflow);

    /// <summary>The id, the lock file, the reported line of the file or text of the source, and a part of the message.</summary>
    public static TheoryData<string, string, string, string> Mistakes => new()
    {
        {
            "PGD3002", $$"""{"workflows": {"ship": {"1": "{{Other}}"} } }""", "Version = 1",
            $"raise Version to 2 or, if version 1 was never deployed, replace its entry with \"1\": \"{Hash}\""
        },
        { "PGD3002", $$"""{"workflows": {"ship": {"1": "{{Other}}", "7": "{{Other}}"} } }""", "Version = 1", "raise Version to 8" },
        { "PGD3003", "", "0", "" },
        { "PGD3003", "{\n\"workflows\": {\n\"ship\" {}\n}\n}\n", "2", "" },
        { "PGD3003", "{\n\"workflows\": {\n\"ship\": {}\n}\n", "3", "braces don't match" },
        { "PGD3003", "{\n\"workflows\": {\n\"}\": {}}}}\n", "2", "braces don't match" },
        { "PGD3003", "{\n\"workflows\": {\n\"ship\": {\"1\": \"\\q\"}\n}}\n\n", "2", "" },
        { "PGD3003", "[]", "0", "member 'workflows'" },
        { "PGD3003", "{}", "0", "member 'workflows'" },
        { "PGD3003", "{\"workflows\": {\n\"ship\": \"x\"}}", "1", "'ship' must be an object" },
        { "PGD3003", "{\"workflows\": {\n\"ship\": {\n\"one\": \"x\"}}}", "2", "'one' isn't a version of 'ship'" },
        { "PGD3003", "{\"workflows\": {\n\"ship\": {\n\"0\": \"x\"}}}", "2", "'0' isn't a version" },
        { "PGD3003", "{\"workflows\": {\n\"ship\": {\n\"1\": \"abc\"}}}", "2", "64 hexadecimal digits" },
        { "PGD3003", "{\"workflows\": {\n\"ship\": {\n\"1\": 5}}}", "2", "64 hexadecimal digits" },
        { "PGD3004", """{"workflows": {}}""", "Version = 1", $$"""add "ship": { "1": "{{Hash}}" }""" },
        { "PGD3004", $$"""{"workflows": {"ship": {"2": "{{Other}}"} } }""", "Version = 1", $"add \"1\": \"{Hash}\" to \"ship\"" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Mistake_IsReportedWhereItIs(string id, string file, string place, string message)
    {
        var diagnostic = Assert.Single(Run(Source("Version = 1"), file));

        Assert.Equal(id, diagnostic.Id);
        Assert.Contains(message, diagnostic.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        if (diagnostic.Location.SourceTree is { } tree)
            Assert.Equal(place, tree.GetText().ToString(diagnostic.Location.SourceSpan));
        else
            Assert.Equal(place, diagnostic.Location.GetLineSpan().StartLinePosition.Line.ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Workflow_AsItIsLocked_IsNotReported() =>
        Assert.Empty(Run(
            Source("Version = 1"),
            $$"""{"workflows": {"ship": {"1": "{{Hash.ToUpperInvariant()}}"}, "gone": {"3": "{{Other}}"} } }"""));

    [Fact]
    public void Workflow_WithoutALockFile_IsNotReported() => Assert.Empty(Run(Source("Version = 1"), file: null));

    [Fact]
    public void Version_ThatIsNotWritten_IsReportedAtTheAttribute()
    {
        var diagnostic = Assert.Single(Run(Source(""), """{"workflows": {}}"""));

        Assert.Equal("Workflow(\"ship\")", diagnostic.Location.SourceTree!.GetText().ToString(diagnostic.Location.SourceSpan));
    }

    [Fact]
    public void Workflow_WithOtherMistakes_IsNotReported() =>
        Assert.Empty(Run(Source("Version = 1").Replace("SELECT 1", "", StringComparison.Ordinal), """{"workflows": {}}"""));

    [Fact]
    public void Hash_IsThatOfTheDefinition() =>
        Assert.Equal(
            new WorkflowDefinition<string>("w", 1, Workflow, "SELECT 1", (_, _) => { }).ContentHash, Hash);

    [Fact]
    public void File_ThatIsWritten_IsReadAgain()
    {
        var content = new WorkflowLock();
        content.Set("b", 10, Other);
        content.Set("b", 2, Hash);
        content.Set("a \"b\"", 1, Hash);

        Assert.Null(LockFileReader.Read(content.ToJson(), out var read));

        Assert.Equal(content.ToJson(), read.ToJson());
        Assert.Equal((Hash, Other, Hash), (read.HashOf("b", 2), read.HashOf("b", 10), read.HashOf("a \"b\"", 1)));
        Assert.Equal((11, 1), (read.NextVersion("b"), read.NextVersion("c")));
        Assert.StartsWith("{\n  \"workflows\": {\n    \"a \\\"b\\\"\": {\n      \"1\": \"", content.ToJson(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("{}", false)]
    [InlineData("""{"workflows": {"ship": {"2": "HASH"}, "other": {"1": "HASH"} } }""", false)]
    [InlineData("""{"workflows": {"ship": {"1": "HASH"} } }""", true)]
    public void Definition_OfALockedVersion_IsReleased(string? file, bool isReleased)
    {
        AdditionalText[] files = file is null ? [] : [new LockFile(file.Replace("HASH", Other, StringComparison.Ordinal))];

        var source = Assert.Single(GeneratorRun.Of(GeneratorRun.Compile(Source("Version = 1")), files).Sources);

        Assert.Contains(isReleased ? "isReleased: true" : "isReleased: false", source, StringComparison.Ordinal);
    }

    private static IReadOnlyList<Diagnostic> Run(string source, string? file) =>
        GeneratorRun.Of(source).Diagnostics(file is null ? [] : [new LockFile(file)], new LockAnalyzer());

    private static string Source(string version) =>
        $$"""
        [Workflow("ship"{{(version.Length > 0 ? ", " : "")}}{{version}})]
        public sealed partial class Ship : IWorkflow<Ship.Input>
        {
            public sealed record Input(long OrderId);
            public static Flow Define(Flow flow, Input input) => flow.Execute("SELECT 1");
        }
        """;

    private sealed class LockFile(string text) : AdditionalText
    {
        public override string Path => "/project/workflows.lock.json";

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }
}
