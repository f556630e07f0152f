using Microsoft.CodeAnalysis;

namespace PgDurable.Generators.Parsing;

/// <summary>
/// Takes what is wrong with a workflow. The analyzers pass it on; the generator, which runs the same rules, only asks whether there was
/// anything.
/// </summary>
internal sealed class Reporter(Action<Diagnostic>? sink = null)
{
    public bool HasErrors { get; private set; }

    /// <summary>How many diagnostics there were.</summary>
    public int Count { get; private set; }

    /// <summary>Notes an error that the compiler itself reports, and better.</summary>
    public void Fail() => HasErrors = true;

    public void Report(DiagnosticDescriptor descriptor, Location location, params object[] arguments)
    {
        HasErrors = true;
        Count++;
        sink?.Invoke(Diagnostic.Create(descriptor, location, arguments));
    }
}
