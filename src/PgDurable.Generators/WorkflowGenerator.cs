using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Emit;
using PgDurable.Generators.Parsing;

namespace PgDurable.Generators;

/// <summary>Adds <c>Definition</c> and <c>StartAsync</c> to each workflow. What is wrong with one, the analyzers say.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class WorkflowGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var workflows = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                WellKnownNames.WorkflowAttribute,
                static (node, _) => node is ClassDeclarationSyntax or RecordDeclarationSyntax,
                static (attributed, ct) => WorkflowParser.Parse(
                    (INamedTypeSymbol)attributed.TargetSymbol, attributed.Attributes[0], attributed.SemanticModel.Compilation, ct))
            .Where(static workflow => workflow is not null)
            .WithTrackingName(TrackingNames.Workflows);

        context.RegisterSourceOutput(
            workflows,
            static (output, workflow) => output.AddSource(workflow!.HintName, WorkflowEmitter.Emit(workflow)));
    }
}
