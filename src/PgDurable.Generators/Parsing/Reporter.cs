using Microsoft.CodeAnalysis;

namespace PgDurable.Generators.Parsing;

/// <summary>
/// Collects what is wrong with a workflow. The analyzers report it. The generator, which runs the same rules, only asks whether there was
/// anything.
/// </summary>
internal sealed class Reporter(Action<Diagnostic>? sink = null)
{
    public bool HasErrors { get; private set; }

    /// <summary>The number of diagnostics so far.</summary>
    public int Count { get; private set; }

    /// <summary>Notes an error that the compiler itself reports in better words.</summary>
    public void Fail() => HasErrors = true;

    /// <summary>Reports a warning, with which the workflow is generated all the same.</summary>
    public void Warn(DiagnosticDescriptor descriptor, Location location, params object[] arguments) =>
        sink?.Invoke(Diagnostic.Create(descriptor, location, arguments));

    public void Report(DiagnosticDescriptor descriptor, Location location, params object[] arguments)
    {
        HasErrors = true;
        Count++;
        sink?.Invoke(Diagnostic.Create(descriptor, location, arguments));
    }
}
