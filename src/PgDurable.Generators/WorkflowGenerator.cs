using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Emit;
using PgDurable.Generators.Lock;
using PgDurable.Generators.Lowering;
using PgDurable.Generators.Parsing;
using PgDurable.Generators.Spec;

namespace PgDurable.Generators;

/// <summary>Adds <c>Definition</c> and <c>StartAsync</c> to each workflow. The analyzers report what is wrong with one.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class WorkflowGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        context.RegisterPostInitializationOutput(static output => output.AddEmbeddedAttributeDefinition());
        var workflows = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                WellKnownNames.WorkflowAttribute,
                static (node, _) => node is ClassDeclarationSyntax or RecordDeclarationSyntax,
                static (attributed, ct) => WorkflowLowering.Lower(
                    (INamedTypeSymbol)attributed.TargetSymbol, attributed.Attributes[0], attributed.SemanticModel.Compilation, ct))
            .Where(static workflow => workflow is not null);

        var specs = workflows.Select(static (workflow, _) => workflow!.Workflow).WithTrackingName(TrackingNames.Workflows);
        // A file that can't be read is a compile error.
        var locked = context.AdditionalTextsProvider.Where(WorkflowLock.Is).Collect().Select(static (files, ct) =>
        {
            LockFileReader.Read(files.FirstOrDefault()?.GetText(ct)?.ToString() ?? "", out var content);
            return content;
        });
        var releases = specs.Combine(locked).Select(static (each, _) =>
            (Workflow: each.Left, IsReleased: each.Right.HashOf(each.Left.Name, each.Left.Version) is not null));
        context.RegisterSourceOutput(releases, static (output, each) =>
            output.AddSource(each.Workflow.HintName + ".Workflow.g.cs", WorkflowEmitter.Emit(each.Workflow, each.IsReleased)));

        var directory = context.AnalyzerConfigOptionsProvider.Select(static (options, _) =>
            options.GlobalOptions.TryGetValue("build_property.ProjectDir", out var value) ? value : "");
        var sources = workflows.Select(static (workflow, _) => workflow!.Sources).WithTrackingName(TrackingNames.Sources);
        context.RegisterSourceOutput(
            sources.Combine(directory),
            static (output, source) =>
                output.AddSource(source.Left.HintName + ".Sources.g.cs", SourceEmitter.Emit(source.Left, source.Right)));

        var classes = specs.Select(static (workflow, _) => workflow.TypeName).Where(static name => name is not null).Collect()
            .Select(static (names, _) => new EquatableArray<string>([.. names.OrderBy(name => name, StringComparer.Ordinal)!]))
            .WithTrackingName(TrackingNames.Classes);
        context.RegisterSourceOutput(classes.Combine(PublicNamespace(context)), static (output, list) =>
        {
            if (list.Left.Count > 0)
                output.AddSource("PgDurableWorkflows.g.cs", AllEmitter.Workflows(list.Left, list.Right));
        });
    }

    /// <summary>The namespace of public lists; null if nobody asks for them.</summary>
    internal static IncrementalValueProvider<string?> PublicNamespace(IncrementalGeneratorInitializationContext context) =>
        context.AnalyzerConfigOptionsProvider.Select(static (options, _) =>
            options.GlobalOptions.TryGetValue("build_property." + AllEmitter.NamespaceProperty, out var value) ? value : null);
}
