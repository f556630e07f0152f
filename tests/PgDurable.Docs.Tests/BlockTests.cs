namespace PgDurable.Docs.Tests;

/// <summary>Every block says what it is, and what can be read without a server can be read.</summary>
public sealed class BlockTests
{
    static readonly string[] Known =
        ["bash", "conf", "console", "csharp", "json", "sh", "sql", "text", "xml", "yaml"];

    public static TheoryData<string> Pages => [.. DocumentedPages.All.Where(DocumentedPages.IsTestedHere)];

    public static TheoryData<string> PagesWithData => DocumentedPages.With("json", "xml", "yaml");

    [Theory]
    [MemberData(nameof(Pages))]
    public void Block_OfAPage_IsInALanguageThatIsTested(string page)
    {
        var unknown = Page.Read(page).Blocks
            .Where(block => !Known.Contains(block.Language) && !DocumentedPages.Exceptions.ContainsKey((page, block.Language)));

        Assert.All(unknown, block => Assert.Fail(
            $"{page}:{block.Line}: '{block.Language}' is none of {string.Join(", ", Known)}. What is no code is text."));
    }

    [Theory]
    [MemberData(nameof(PagesWithData))]
    public void Data_OfAPage_CanBeRead(string page) => Assert.All(DocumentedPages.Blocks(page, "json", "xml", "yaml"), DataBlock.Read);

    [Fact]
    public void Exception_IsStillNeeded() => Assert.All(
        DocumentedPages.Exceptions.Keys, key => Assert.Contains(Page.Read(key.Page).Blocks, block => block.Language == key.Language));
}
