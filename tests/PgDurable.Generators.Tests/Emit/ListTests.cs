using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace PgDurable.Generators.Tests.Emit;

/// <summary>The lists of an assembly's workflows and activities, as other assemblies see them.</summary>
public sealed class ListTests
{
    private const string Library =
        """
        [assembly: System.Runtime.CompilerServices.InternalsVisibleTo("Tests")]
        [Workflow("close-order")]
        public sealed partial class CloseOrder : IWorkflow<CloseOrder.Input>
        {
            public sealed record Input(int Id);
            public static Flow Define(Flow flow, Input input) => flow.Execute("SELECT 1");
        }

        """;

    [Fact]
    public void List_OfAProjectWhoseInternalsAreVisible_IsNotSeen()
    {
        var library = Reference(GeneratorRun.Valid(GeneratorRun.Compile("Shop", [], [Library])).Output);

        var own = Library.Replace("close-order", "own", StringComparison.Ordinal).Replace("CloseOrder", "Own", StringComparison.Ordinal);
        GeneratorRun.Valid(GeneratorRun.Compile("Tests", [library], [own, "class Use { object o = PgDurableWorkflows.All; }"]));
    }

    [Theory]
    [InlineData("Shop.Orders", null)]
    [InlineData("Shop.1", "CS1029")]
    [InlineData("PgDurable", "CS1029")]
    public void List_WithAPublicNamespace_IsPublic(string space, string? error)
    {
        CSharpGeneratorDriver.Create(
                GeneratorRun.Generators(), parseOptions: GeneratorRun.ParseOptions, optionsProvider: new Options(space))
            .RunGeneratorsAndUpdateCompilation(GeneratorRun.Compile("Shop", [], [Library]), out var shop, out _);

        Assert.Equal(error, shop.GetDiagnostics().FirstOrDefault(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)?.Id);
        if (error is null)
        {
            Assert.Empty(GeneratorRun.Compile("Other", [Reference(shop)], ["class Use { object o = Shop.Orders.PgDurableWorkflows.All; }"])
                .GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        }
    }

    private static PortableExecutableReference Reference(Compilation project)
    {
        using var image = new MemoryStream();
        Assert.True(project.Emit(image).Success);
        return MetadataReference.CreateFromImage(image.ToArray());
    }

    private sealed class Options(string space) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions => new Values(space);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => new Values(null);

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => new Values(null);
    }

    private sealed class Values(string? space) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? value)
        {
            value = key == "build_property.PgDurablePublicNamespace" ? space : null;
            return value is not null;
        }
    }
}
