using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Emit;
using PgDurable.Generators.Parsing;
using PgDurable.Generators.Spec;

namespace PgDurable.Generators;

/// <summary>Adds <c>Definition</c> to each activity. The analyzers report what is wrong with one.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class ActivityGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var activities = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                WellKnownNames.ActivityAttribute,
                static (node, _) => node is ClassDeclarationSyntax or RecordDeclarationSyntax,
                static (attributed, ct) => ActivityParser.Parse(
                    (INamedTypeSymbol)attributed.TargetSymbol, attributed.Attributes[0], attributed.SemanticModel.Compilation, new(), ct))
            .Where(static activity => activity is not null)
            .Select(static (activity, _) => activity!)
            .WithTrackingName(TrackingNames.Activities);
        context.RegisterSourceOutput(
            activities,
            static (output, activity) => output.AddSource(activity.HintName + ".Activity.g.cs", ActivityEmitter.Emit(activity)));

        var classes = activities.Select(static (activity, _) => activity.TypeName).Collect()
            .Select(static (names, _) => new EquatableArray<string>([.. names.OrderBy(name => name, StringComparer.Ordinal)]))
            .WithTrackingName(TrackingNames.ActivityClasses);
        context.RegisterSourceOutput(classes.Combine(WorkflowGenerator.PublicNamespace(context)), static (output, list) =>
        {
            if (list.Left.Count > 0)
                output.AddSource("PgDurableActivities.g.cs", AllEmitter.Activities(list.Left, list.Right));
        });
    }
}
