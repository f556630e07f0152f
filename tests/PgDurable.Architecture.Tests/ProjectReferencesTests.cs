using System.Xml.Linq;

namespace PgDurable.Architecture.Tests;

/// <summary>
/// Projects depend on each other one way only. The only sources that several projects compile are those of PgDurable.Language.
/// </summary>
public class ProjectReferencesTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["PgDurable.Cli"] = ["PgDurable.Dashboard", "PgDurable.Sdk"],
        ["PgDurable.CodeFixes"] = ["PgDurable.Generators"],
        ["PgDurable.Dashboard"] = ["PgDurable.Sdk"],
        ["PgDurable.EntityFrameworkCore"] = ["PgDurable.Sdk"],
        ["PgDurable.Generators"] = [],
        // The analyzers travel in the Sdk's package; its assembly doesn't use them.
        ["PgDurable.Sdk"] = ["PgDurable.CodeFixes (not in the assembly)", "PgDurable.Generators (not in the assembly)"],
        ["PgDurable.Templates"] = [],
        ["PgDurable.Testing"] = ["PgDurable.Worker"],
        ["PgDurable.Worker"] = ["PgDurable.Sdk"],
    };

    public static TheoryData<string> Projects =>
    [
        // Deeper down are the projects of a template.
        .. Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src")).Order(StringComparer.Ordinal)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.csproj")).Select(file => Path.GetFileNameWithoutExtension(file)),
    ];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_References_OnlyWhatItMay(string project)
    {
        var references =
            from reference in Items(project, "ProjectReference")
            let name = Path.GetFileNameWithoutExtension((string)reference.Attribute("Include")!)
            orderby name
            select (string?)reference.Attribute("ReferenceOutputAssembly") == "false" ? $"{name} (not in the assembly)" : name;

        Assert.Equal(Allowed[project], references);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_LinkedSources_ComeFromTheLanguage(string project) =>
        Assert.All(
            Items(project, "Compile"),
            item => Assert.StartsWith("../PgDurable.Language/", (string?)item.Attribute("Include"), StringComparison.Ordinal));

    private static IEnumerable<XElement> Items(string project, string kind) =>
        XDocument.Load(Path.Combine(Repository.Source(project), $"{project}.csproj")).Descendants(kind);
}
