namespace PgDurable.Docs.Tests;

/// <summary>The pages whose code is tested.</summary>
internal static class DocumentedPages
{
    /// <summary>Pages, below the folder of the solution, that other tests look after, and which.</summary>
    public static readonly IReadOnlyDictionary<string, string> Elsewhere = new Dictionary<string, string>
    {
        ["docs/diagnostics/"] = "tests/PgDurable.Generators.Tests/Diagnostics: the examples are mistakes",
        ["docs/quickstart"] = "run word for word by their own tests",
        ["docs/performance.md"] = "bench/plans.sh writes it, with what it ran",
        ["docs/reference-sql.md"] = "ReferenceTests writes it",
    };

    /// <summary>Blocks that other tests run, or that are no code of ours: the page, the language, and the reason.</summary>
    public static readonly IReadOnlyDictionary<(string Page, string Language), string> Exceptions = new Dictionary<(string, string), string>
    {
        [("docs/activities.md", "psql")] = "tests/PgDurable.Samples.Tests/ActivitiesPsqlTests.cs",
        [("docs/activities.md", "python")] = "tests/PgDurable.Samples.Tests/ActivitiesPythonTests.cs",
        [("docs/cluster.md", "sql")] = "needs several servers: tests/PgDurable.Extension.Tests/Cluster",
    };

    /// <summary>All pages, below the folder of the solution.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. Files("docs"), "README.md", .. Files("samples"), .. Files("src").Where(page => page.Split('/') is [_, _, "README.md"]),
    ];

    /// <summary>The pages that have a block in one of these languages.</summary>
    public static TheoryData<string> With(params string[] languages) =>
        [.. All.Where(IsTestedHere).Where(page => Blocks(page, languages).Any())];

    /// <summary>
    /// The blocks of a page in one of these languages that are tested here. <c>other</c> after the fence is code for another product.
    /// </summary>
    public static IEnumerable<CodeBlock> Blocks(string page, params string[] languages) => Page.Read(page).Blocks
        .Where(block => languages.Contains(block.Language) && !Exceptions.ContainsKey((page, block.Language)) && !IsOther(page, block));

    public static bool IsTestedHere(string page) => !Elsewhere.Keys.Any(start => page.StartsWith(start, StringComparison.Ordinal));

    // Only where the page is about another product.
    static bool IsOther(string page, CodeBlock block) =>
        block.Arguments == "other" && page.StartsWith("docs/coming-from-", StringComparison.Ordinal);

    static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, folder), "*.md", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(RepositoryRoot.Path, file)).Order(StringComparer.Ordinal);
}
