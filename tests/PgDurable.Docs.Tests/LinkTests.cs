using Markdig;
using Markdig.Extensions.AutoIdentifiers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace PgDurable.Docs.Tests;

/// <summary>Links lead to a file and to a heading in it.</summary>
public sealed class LinkTests
{
    static readonly MarkdownPipeline Pipeline =
        new MarkdownPipelineBuilder().UseAutoIdentifiers(AutoIdentifierOptions.GitHub).UsePipeTables().Build();

    public static TheoryData<string> Pages =>
    [
        .. DocumentedPages.All,
        .. new[] { "src", "bench", "tests" }.SelectMany(folder => Directory.EnumerateFiles(
                Path.Combine(RepositoryRoot.Path, folder), "*.md", SearchOption.AllDirectories))
            .Concat(Directory.EnumerateFiles(RepositoryRoot.Path, "*.md"))
            .Select(file => Path.GetRelativePath(RepositoryRoot.Path, file)).Except(DocumentedPages.All),
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_OfAPage_LeadSomewhere(string page) =>
        Assert.Empty(Problems(page, File.ReadAllText(Path.Combine(RepositoryRoot.Path, page))));

    [Theory]
    [InlineData("[x](nowhere.md)")]
    [InlineData("[x](cli.md#nowhere)")]
    [InlineData("[x](#nowhere)")]
    [InlineData("[x](http:/nowhere)")]
    [InlineData("![x](images/nowhere.png)")]
    public void Link_ToNowhere_IsFound(string text) => Assert.Single(Problems("docs/index.md", text));

    static IEnumerable<string> Problems(string page, string text)
    {
        var document = Markdown.Parse(text, Pipeline);
        foreach (var link in document.Descendants<LinkInline>().Where(link => link.Url is not null))
        {
            var (path, anchor) = link.Url!.Split('#', 2) is [var before, var after] ? (before, after) : (link.Url, null);
            if (path.Contains(':', StringComparison.Ordinal))
            {
                if (!Uri.TryCreate(path, UriKind.Absolute, out var uri) || uri is not { Scheme: "https" or "http", Host.Length: > 0 })
                    yield return $"{link.Url} is not an address";
                continue;
            }

            var target = path.Length == 0 ? page : Path.Combine(Path.GetDirectoryName(page)!, path);
            var file = Path.Combine(RepositoryRoot.Path, target);
            if (!Path.Exists(file))
                yield return $"{link.Url} doesn't exist";
            else if (anchor is not null
                && !Anchors(path.Length == 0 ? document : Markdown.Parse(File.ReadAllText(file), Pipeline)).Contains(anchor))
                yield return $"{link.Url} has no such heading";
        }
    }

    static IEnumerable<string?> Anchors(MarkdownDocument document) =>
        document.Descendants<HeadingBlock>().Select(heading => heading.TryGetAttributes()?.Id);
}
