using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using PgDurable.Generators.Diagnostics;
using PgDurable.Generators.Lock;
using PgDurable.Generators.Lowering;
using PgDurable.Generators.Parsing;

namespace PgDurable.Generators.Analyzers;

/// <summary>Compares workflows and activities with what was released, in <c>workflows.lock.json</c>, if the file exists.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class LockAnalyzer : DiagnosticAnalyzer
{
    /// <summary>The workflow's name, in the properties of PGD3002 and PGD3004.</summary>
    internal const string WorkflowProperty = "Workflow";

    /// <summary>The workflow's version, in the properties of PGD3002 and PGD3004.</summary>
    internal const string VersionProperty = "Version";

    /// <summary>The first version that isn't locked, in the properties of PGD3002.</summary>
    internal const string NextVersionProperty = "NextVersion";

    /// <summary>The hash of the workflow's graph, in the properties of PGD3002 and PGD3004.</summary>
    internal const string HashProperty = "Hash";

    /// <summary>The activity's name, in the properties of PGD3004 and PGD3005.</summary>
    internal const string ActivityProperty = "Activity";

    /// <summary>The activity's shape, in the properties of PGD3004 and PGD3005.</summary>
    internal const string ShapeProperty = "Shape";

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        [Descriptors.ChangedGraph, Descriptors.MalformedLock, Descriptors.NotLocked, Descriptors.ChangedActivity];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterAdditionalFileAction(CheckFile);
        context.RegisterCompilationStartAction(start =>
        {
            if (start.Options.AdditionalFiles.FirstOrDefault(WorkflowLock.Is)?.GetText(start.CancellationToken) is not { } text
                || LockFileReader.Read(text.ToString(), out var content) is not null)
                return;
            start.RegisterSymbolAction(symbol => CheckWorkflow(symbol, content), SymbolKind.NamedType);
            start.RegisterSymbolAction(symbol => CheckActivity(symbol, content), SymbolKind.NamedType);
        });
    }

    private static void CheckFile(AdditionalFileAnalysisContext context)
    {
        if (!WorkflowLock.Is(context.AdditionalFile) || context.AdditionalFile.GetText(context.CancellationToken) is not { } text
            || LockFileReader.Read(text.ToString(), out _) is not { } problem)
            return;

        var span = text.Lines[Math.Min(problem.Line, text.Lines.Count - 1)].Span;
        var location = Location.Create(context.AdditionalFile.Path, span, text.Lines.GetLinePositionSpan(span));
        context.ReportDiagnostic(Diagnostic.Create(Descriptors.MalformedLock, location, problem.Message));
    }

    private static void CheckWorkflow(SymbolAnalysisContext context, WorkflowLock content)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (DeclarationParser.FindAttribute(type) is not { } attribute
            || WorkflowLowering.Lower(type, attribute, context.Compilation, context.CancellationToken) is not { Workflow: var workflow })
            return;

        var hash = GraphHash.Of(workflow.GraphJson);
        var locked = content.HashOf(workflow.Name, workflow.Version);
        if (locked == hash)
            return;

        var next = content.NextVersion(workflow.Name);
        var properties = ImmutableDictionary<string, string?>.Empty
            .Add(WorkflowProperty, workflow.Name)
            .Add(VersionProperty, workflow.Version.ToString(CultureInfo.InvariantCulture))
            .Add(NextVersionProperty, next.ToString(CultureInfo.InvariantCulture))
            .Add(HashProperty, hash);
        var location = LocationOf(attribute, type, context.CancellationToken);
        var entry = WorkflowLock.EntryOf(workflow.Version, hash);
        context.ReportDiagnostic(locked is not null
            ? Diagnostic.Create(Descriptors.ChangedGraph, location, properties, workflow.Name, workflow.Version, next, entry)
            : Diagnostic.Create(
                Descriptors.NotLocked, location, properties, $"Version {workflow.Version} of the workflow '{workflow.Name}'",
                content.Knows(workflow.Name) ? $"add {entry} to \"{workflow.Name}\"" : $"add \"{workflow.Name}\": {{ {entry} }}"));
    }

    private static void CheckActivity(SymbolAnalysisContext context, WorkflowLock content)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (ActivityParser.FindAttribute(type) is not { } attribute
            || ActivityParser.Parse(type, attribute, context.Compilation, new(), context.CancellationToken) is not { } activity)
            return;

        var current = ActivityShape.Of(activity);
        var shape = current.ToString();
        var locked = content.ShapeOf(activity.Name);
        if (locked == shape)
            return;

        var properties = ImmutableDictionary<string, string?>.Empty.Add(ActivityProperty, activity.Name).Add(ShapeProperty, shape);
        var location = LocationOf(attribute, type, context.CancellationToken);
        var entry = WorkflowLock.ActivityEntryOf(activity.Name, shape);
        if (locked is null)
        {
            Report(Descriptors.NotLocked, $"The activity '{activity.Name}'", $"add {entry} to \"activities\"");
            return;
        }

        var change = new ShapeChange(ShapeReader.Read(locked)!, current);
        if (change.Problem.Length > 0)
            Report(Descriptors.ChangedActivity, activity.Name, change.Problem, entry);
        else if (change.HasNewMembers)
            Report(Descriptors.NotLocked, $"A new member of the activity '{activity.Name}'", $"replace its entry with {entry}");

        void Report(DiagnosticDescriptor descriptor, params object[] arguments) =>
            context.ReportDiagnostic(Diagnostic.Create(descriptor, location, properties, arguments));
    }

    // Where the version is written, or else the attribute.
    private static Location LocationOf(AttributeData attribute, INamedTypeSymbol type, CancellationToken ct) =>
        attribute.ApplicationSyntaxReference?.GetSyntax(ct) is AttributeSyntax syntax
            ? syntax.ArgumentList?.Arguments
                .FirstOrDefault(argument => argument.NameEquals?.Name.Identifier.ValueText == WellKnownNames.Version)?.GetLocation()
                ?? syntax.GetLocation()
            : type.Locations[0];
}
