namespace PgDurable.Architecture.Tests;

/// <summary>Folders of a project depend on each other one way only: each may use those that come after it in the list.</summary>
public class FolderOrderTests
{
    private static readonly Dictionary<string, string[]> Orders = new()
    {
        ["PgDurable.Worker"] =
        [
            ".", "Session", "Steps", "Instances", "Fairness", "Telemetry", "Store", "Hosting", "Engine",
        ],
        ["PgDurable.Generators"] =
        [
            ".", "Analyzers", "Emit", "Statements", "Lowering", "Sql", "Checks", "Parsing", "Lock", "Files", "Model", "Diagnostics", "Spec",
            "Compatibility", "Language",
        ],
        ["PgDurable.Sdk"] =
            ["Registration", "Doctor", "Client", "Algebra", "Builder", "Activities", "Generated", ".", "Errors", "Graph", "Language"],
    };

    public static TheoryData<string> Projects => [.. Orders.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_OfAProject_UseOnlyThoseBelowThem(string project)
    {
        var root = Repository.Source(project);
        var files = Repository.Files(root, ".cs").Select(file => (Path.GetRelativePath(root, file), File.ReadAllText(file)));
        var language = Orders[project].Contains("Language")
            ? Repository.Files(Repository.Source("PgDurable.Language"), ".cs")
                .Select(file => ($"Language/{Path.GetFileName(file)}", File.ReadAllText(file)))
            : [];
        var uses = FolderDependencies.Of(project, [.. files, .. language]);

        var violations = Violations(uses, Orders[project]);
        Assert.True(violations.Count == 0, string.Join('\n', violations));
        // Without a single use the analysis, not the code, is what has changed.
        Assert.NotEmpty(uses);
    }

    [Fact]
    public void Violations_AnArrowTurnedRound_IsFound()
    {
        var uses = FolderDependencies.Of(
            "P",
        [
            ("Upper/Caller.cs", "namespace P.Upper; public class Caller { public P.Lower.Callee? Callee; public const int Size = 3; }"),
            ("Lower/Callee.cs", "using P.Upper; namespace P.Lower; public class Callee { public int Size => Caller.Size; }"),
        ]);

        Assert.Contains("Lower/Callee.cs:1 uses P.Upper.Caller.Size", Violations(uses, ["Upper", "Lower"]));
        Assert.DoesNotContain(Violations(uses, ["Upper", "Lower"]), violation => violation.StartsWith("Upper/", StringComparison.Ordinal));
        Assert.Contains(
            Violations(uses, ["Lower"]), violation => violation.Contains("'Upper' has no place in the order", StringComparison.Ordinal));
    }

    private static List<string> Violations(IEnumerable<FolderUse> uses, string[] order)
    {
        var violations = new List<string>();
        foreach (var use in uses)
        {
            var (from, to) = (Array.IndexOf(order, use.From), Array.IndexOf(order, use.To));
            if (from < 0 || to < 0)
                violations.Add($"folder '{(from < 0 ? use.From : use.To)}' has no place in the order: {use.Where}");
            else if (to < from)
                violations.Add(use.Where);
        }
        return violations;
    }
}
