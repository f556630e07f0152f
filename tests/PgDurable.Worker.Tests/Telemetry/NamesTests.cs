using System.Reflection;
using PgDurable.Worker.Telemetry;

namespace PgDurable.Worker.Tests.Telemetry;

public class NamesTests
{
    private static IEnumerable<FieldInfo> Constants(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral);

    [Fact]
    public void TelemetryNames_All_AreDocumented()
    {
        var page = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "observability.md"));
        foreach (var field in Constants(typeof(TelemetryNames)))
            Assert.Contains($"`{field.GetRawConstantValue()}`", page, StringComparison.Ordinal);
    }

    [Fact]
    public void EventIds_All_AreUniqueAndDocumented()
    {
        var page = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "observability.md"));
        Assert.Distinct(Constants(typeof(EventIds)).Select(field => field.GetRawConstantValue()));
        foreach (var field in Constants(typeof(EventIds)))
            Assert.Contains($"| {field.GetRawConstantValue()} | {field.Name} |", page, StringComparison.Ordinal);
    }
}
