namespace PgDurable.Docs.Tests;

/// <summary>C# on a page compiles, with the generator and the analyzers of the package.</summary>
public sealed class CSharpTests
{
    public static TheoryData<string> Pages => DocumentedPages.With("csharp");

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task CSharp_OfAPage_Compiles(string page)
    {
        var problems = await CSharpPage.ProblemsAsync(page, DocumentedPages.Blocks(page, "csharp"));
        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    [Theory]
    [InlineData("var x = nothing;", "nothing")]
    [InlineData(".Execute($\"SELECT {System.DateTime.Now}\")", "PGD0010")]
    [InlineData("public sealed record R(Missing M);", "Missing")]
    public async Task Mistake_InABlock_IsFound(string code, string part)
    {
        var problems = await CSharpPage.ProblemsAsync("docs/workflows.md", [new("csharp", "", code, 6, "", "")]);
        Assert.Contains(problems, problem => problem.StartsWith("docs/workflows.md(7,", StringComparison.Ordinal)
            && problem.Contains(part, StringComparison.Ordinal));
    }
}
