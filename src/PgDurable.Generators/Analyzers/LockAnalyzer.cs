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

/// <summary>Compares the workflows with the released graphs in <c>workflows.lock.json</c>, if the file exists.</summary>
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

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        [Descriptors.ChangedGraph, Descriptors.MalformedLock, Descriptors.NotLocked];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterAdditionalFileAction(CheckFile);
        context.RegisterCompilationStartAction(start =>
        {
            if (start.Options.AdditionalFiles.FirstOrDefault(IsLockFile)?.GetText(start.CancellationToken) is { } text
                && LockFileReader.Read(text.ToString(), out var content) is null)
                start.RegisterSymbolAction(symbol => CheckWorkflow(symbol, content), SymbolKind.NamedType);
        });
    }

    /// <summary>Whether a file is the lock file.</summary>
    internal static bool IsLockFile(AdditionalText file) =>
        string.Equals(Path.GetFileName(file.Path), WorkflowLock.FileName, StringComparison.OrdinalIgnoreCase);

    private static void CheckFile(AdditionalFileAnalysisContext context)
    {
        if (!IsLockFile(context.AdditionalFile) || context.AdditionalFile.GetText(context.CancellationToken) is not { } text
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
                Descriptors.NotLocked, location, properties, workflow.Version, workflow.Name,
                content.Knows(workflow.Name) ? $"{entry} to \"{workflow.Name}\"" : $"\"{workflow.Name}\": {{ {entry} }}"));
    }

    // Where the version is written, or else the attribute.
    private static Location LocationOf(AttributeData attribute, INamedTypeSymbol type, CancellationToken ct) =>
        attribute.ApplicationSyntaxReference?.GetSyntax(ct) is AttributeSyntax syntax
            ? syntax.ArgumentList?.Arguments
                .FirstOrDefault(argument => argument.NameEquals?.Name.Identifier.ValueText == WellKnownNames.Version)?.GetLocation()
                ?? syntax.GetLocation()
            : type.Locations[0];
}
