using System.Text.RegularExpressions;

namespace PgDurable.Architecture.Tests;

/// <summary>What the pages say about the tree is true.</summary>
public partial class DocumentationTests
{
    public static TheoryData<string> Pages =>
    [
        .. Repository.Files(Repository.Root, ".md").Select(file => Path.GetRelativePath(Repository.Root, file))
            .Where(page => page != "CHANGELOG.md"),
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Paths_OnAPage_Exist(string page)
    {
        var paths = PathInTheTree().Matches(File.ReadAllText(Path.Combine(Repository.Root, page))).Select(match => match.Groups[1].Value);

        Assert.All(paths, path => Assert.True(Exists(path), $"{page}: {path} doesn't exist"));
    }

    private static bool Exists(string path)
    {
        // `<name>` and `…` stand for something; the folder above is there all the same.
        while (path.AsSpan().ContainsAny('<', '…'))
            path = Path.GetDirectoryName(path)!;
        var full = Path.Combine(Repository.Root, path);
        if (!path.Contains('*', StringComparison.Ordinal))
            return Path.Exists(full);
        var folder = Path.GetDirectoryName(full)!;
        return Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder, Path.GetFileName(full)).Any();
    }

    [GeneratedRegex(@"`((?:src|tests|docs|eng|bench|samples)/[^`\s]*)`")]
    private static partial Regex PathInTheTree();
}
