using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using PgDurable.Generators.Diagnostics;
using PgDurable.Generators.Tests.Analyzers;
using PgDurable.Generators.Tests.Lock;
using PgDurable.Generators.Tests.Statements;
using PgDurable.TestKit;

namespace PgDurable.Generators.Tests.Diagnostics;

public sealed class DescriptorTests
{
    private static readonly string Pages = Path.Combine(RepositoryRoot.Path, "docs/diagnostics");

    private static readonly HashSet<string> Tested =
    [
        .. DiagnosticsTests.Mistakes.Select(row => (string)row[0]),
        .. LockTests.Mistakes.Select(row => (string)row[0]),
        .. ResultColumnsTests.Mistakes.Select(row => (string)row[0]),
        .. StatementTests.Mistakes.Select(row => (string)row[0]),
        .. ActivityDiagnosticsTests.Mistakes.Select(row => (string)row[0]),
        .. ActivityLockTests.Mistakes.Select(row => (string)row[0]),
        "PGD1014",
    ];

    public static TheoryData<string> Ids => [.. AllDescriptors().Select(descriptor => descriptor.Id)];

    [Fact]
    public void Ids_AreDistinctAndWellFormed()
    {
        Assert.Equal(Ids.Count, AllDescriptors().Select(descriptor => descriptor.Id).Distinct().Count());
        Assert.All(AllDescriptors(), descriptor => Assert.Matches("^PGD[0-3][0-9]{3}$", descriptor.Id));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Id_HasARowAPageATestAndAnAnalyzer(string id)
    {
        var descriptor = AllDescriptors().Single(descriptor => descriptor.Id == id);
        Assert.Contains(
            $"\n{id} | PgDurable | {descriptor.DefaultSeverity} | {descriptor.Title}\n",
            Releases("Shipped") + Releases("Unshipped"), StringComparison.Ordinal);

        var page = File.ReadAllText(Path.Combine(Pages, $"{id}.md"));
        Assert.StartsWith($"# {id}: {descriptor.Title}\n", page, StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(page, "^```csharp$", RegexOptions.Multiline));

        Assert.Contains(id, Tested);

        Assert.Single(GeneratorRun.AllAnalyzers(), analyzer => analyzer.SupportedDiagnostics.Any(descriptor => descriptor.Id == id));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void HelpLink_IsAbsoluteAndHasAPage(string id)
    {
        var link = AllDescriptors().Single(descriptor => descriptor.Id == id).HelpLinkUri;

        Assert.StartsWith(HelpLinks.Base, link, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Pages, link[HelpLinks.Base.Length..])), link);
        Assert.EndsWith("/" + Path.GetRelativePath(RepositoryRoot.Path, Pages) + "/", HelpLinks.Base, StringComparison.Ordinal);
    }

    [Fact]
    public void Index_HasARowForEachDiagnostic()
    {
        var rows = File.ReadLines(Path.Combine(Pages, "README.md")).Where(line => line.StartsWith("| [", StringComparison.Ordinal));

        var expected = AllDescriptors().OrderBy(descriptor => descriptor.Id, StringComparer.Ordinal)
            .Select(descriptor => $"| [{descriptor.Id}]({descriptor.Id}.md) | {descriptor.Title} | {descriptor.DefaultSeverity} |");
        Assert.Equal(expected, rows);
    }

    [Fact]
    public void Pages_AreOfKnownIds() =>
        Assert.All(
            Directory.GetFiles(Pages, "PGD*.md"),
            page => Assert.Contains(Path.GetFileNameWithoutExtension(page), AllDescriptors().Select(descriptor => descriptor.Id)));

    private static IEnumerable<DiagnosticDescriptor> AllDescriptors() =>
        typeof(Descriptors).GetFields(BindingFlags.Static | BindingFlags.Public)
            .Select(field => field.GetValue(null)).OfType<DiagnosticDescriptor>();

    private static string Releases(string kind) =>
        File.ReadAllText(Path.Combine(RepositoryRoot.Path, $"src/PgDurable.Generators/AnalyzerReleases.{kind}.md"));
}
