using Microsoft.CodeAnalysis;
using PgDurable.Generators.Diagnostics;
using PgDurable.Generators.Spec;
using PgDurable.Names;

namespace PgDurable.Generators.Parsing;

/// <summary>Determines how a workflow's input and signals are written and how its result is read.</summary>
internal static class TypesParser
{
    /// <summary>Returns null after reporting which type doesn't fit.</summary>
    public static WorkflowTypes? Parse(
        WorkflowDeclaration workflow, IReadOnlyDictionary<string, ITypeSymbol?> payloads, ITypeSymbol? state, Compilation compilation,
        Reporter reporter)
    {
        var inputLocation = workflow.Syntax.ParameterList.Parameters[1].Type?.GetLocation() ?? workflow.Syntax.Identifier.GetLocation();
        var writer = new TypeParser(workflow.Type, compilation, TypeUse.Write, inputLocation, reporter);
        if (!TypeParser.IsRecord(workflow.Input))
        {
            reporter.Report(
                Descriptors.UnsupportedType, inputLocation, $"The input of workflow '{workflow.Name}'", "written",
                "it must be a record or class, because steps refer to its properties");
            return null;
        }

        if (writer.Parse(workflow.Input, $"The input of workflow '{workflow.Name}'") is not { } input)
            return null;
        if (Signals(payloads, writer) is not { } signals)
            return null;
        var reader = new TypeParser(workflow.Type, compilation, TypeUse.Read, workflow.Syntax.ReturnType.GetLocation(), reporter);
        var result = workflow.Output is { } output ? Result(output, $"The result of workflow '{workflow.Name}'", reader) : null;
        if (result is null && workflow.Output is not null)
            return null;
        var published = state is null ? null : reader.Parse(state, $"The state of workflow '{workflow.Name}'");
        return new(input, writer.Records, result, published, reader.Records, signals);
    }

    private static ResultSpec? Result(ITypeSymbol output, string what, TypeParser reader)
    {
        // Query<T> makes a Flow<IReadOnlyList<T>>, and QuerySingle<T> a Flow<T>, so the type shows which of them the last step is.
        var allRows = output is INamedTypeSymbol { Name: "IReadOnlyList" } && ScalarTypes.ElementOf(output) is not null;
        var row = allRows ? ScalarTypes.ElementOf(output)! : output;
        return reader.Parse(row, what) is { } spec ? new(allRows, TypeParser.NameOf(output), spec) : null;
    }

    private static EquatableArray<SignalSpec>? Signals(IReadOnlyDictionary<string, ITypeSymbol?> payloads, TypeParser writer)
    {
        var signals = new List<SignalSpec>();
        foreach (var signal in payloads.OrderBy(signal => signal.Key, StringComparer.Ordinal))
        {
            var payload = signal.Value is { } type ? writer.Parse(type, $"The payload of signal '{signal.Key}'") : null;
            if (payload is null && signal.Value is not null)
                return null;
            var method = PascalCase.From(signal.Key);
            // Two signals may differ only in characters that a method name can't contain.
            for (var i = 2; signals.Any(other => other.Method == method); i++)
                method = PascalCase.From(signal.Key) + i;
            signals.Add(new(signal.Key, method, signal.Value is null ? null : TypeParser.NameOf(signal.Value), payload));
        }

        return new([.. signals]);
    }
}
