using PgDurable.TestKit;

namespace PgDurable.Samples.Tests;

/// <summary>A page of the documentation.</summary>
internal static class Page
{
    /// <summary>The only code block in a language of a page.</summary>
    public static string Code(string page, string language)
    {
        var text = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", page));
        var blocks = text.Split("\n```").Where((_, i) => i % 2 == 1);
        return Assert.Single(blocks, block => block.StartsWith(language + "\n", StringComparison.Ordinal))[(language.Length + 1)..];
    }
}
