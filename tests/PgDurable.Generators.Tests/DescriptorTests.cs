using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using PgDurable.Generators.Diagnostics;
using PgDurable.Generators.Tests.Lock;
using PgDurable.Generators.Tests.Sql;

namespace PgDurable.Generators.Tests;

public sealed class DescriptorTests
{
    private static readonly HashSet<string> Tested =
    [
        .. DiagnosticsTests.Mistakes.Select(row => (string)row[0]),
        .. LockTests.Mistakes.Select(row => (string)row[0]),
        .. ResultColumnsTests.Mistakes.Select(row => (string)row[0]),
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
        var severity = AllDescriptors().Single(descriptor => descriptor.Id == id).DefaultSeverity;
        Assert.Matches(
            $@"(?m)^{id} \| PgDurable \| {severity} \| .+$",
            Read("AnalyzerReleases.Shipped.md") + Read("AnalyzerReleases.Unshipped.md"));

        var page = Read($"{id}.md");
        Assert.StartsWith($"# {id}: ", page, StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(page, "^```csharp$", RegexOptions.Multiline));

        Assert.Contains(id, Tested);

        Assert.Single(GeneratorRun.AllAnalyzers(), analyzer => analyzer.SupportedDiagnostics.Any(descriptor => descriptor.Id == id));
    }

    [Fact]
    public void Pages_AreOfKnownIds() =>
        Assert.All(
            Directory.GetFiles(AppContext.BaseDirectory, "PGD*.md", SearchOption.AllDirectories),
            page => Assert.Contains(Path.GetFileNameWithoutExtension(page), AllDescriptors().Select(descriptor => descriptor.Id)));

    private static IEnumerable<DiagnosticDescriptor> AllDescriptors() =>
        typeof(Descriptors).GetFields(BindingFlags.Static | BindingFlags.Public)
            .Select(field => field.GetValue(null)).OfType<DiagnosticDescriptor>();

    private static string Read(string name) =>
        File.ReadAllText(Directory.GetFiles(AppContext.BaseDirectory, name, SearchOption.AllDirectories).Single());
}
