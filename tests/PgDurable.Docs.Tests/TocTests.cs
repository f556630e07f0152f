namespace PgDurable.Docs.Tests;

/// <summary>Whoever reads the site finds every page.</summary>
public sealed class TocTests
{
    [Fact]
    public void Page_OfDocsAndSamples_IsInTheTableOfContents()
    {
        var toc = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs/guide/toc.yml"));
        var docs = DocumentedPages.All.Where(page => page.Split('/') is ["docs", _]).Select(page => $"../{Path.GetFileName(page)}");
        var samples = DocumentedPages.All.Where(page => page.Split('/') is ["samples", ..]).Select(page => $"../../{page}");
        Assert.All(docs.Concat(samples), page => Assert.Contains($"href: {page}\n", toc, StringComparison.Ordinal));
    }
}
