using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Parsing;

namespace PgDurable.Generators.Lowering;

/// <summary>What is known while a workflow is lowered.</summary>
internal sealed class FlowModel(Compilation compilation, INamedTypeSymbol workflow, Reporter reporter, CancellationToken ct)
{
    public Compilation Compilation => compilation;

    public INamedTypeSymbol Workflow => workflow;

    public Reporter Reporter => reporter;

    public CancellationToken Cancellation => ct;

    /// <summary>What variables and parameters stand for.</summary>
    public Dictionary<ISymbol, Binding> Bindings { get; } = new(SymbolEqualityComparer.Default);

    /// <summary>The names of results.</summary>
    public ResultNames Names { get; } = new();

    /// <summary>The signals that are waited for, with the types of their payloads; null is none.</summary>
    public Dictionary<string, ITypeSymbol?> Signals { get; } = new(StringComparer.Ordinal);

    /// <summary>The loops around, the innermost last.</summary>
    public Stack<LoopState> Loops { get; } = new();

    /// <summary>The fragments that are being inlined.</summary>
    public Stack<IMethodSymbol> Fragments { get; } = new();

    /// <summary>Whether the code stands in a handler of a handler, whose outer error can't be referred to.</summary>
    public Stack<IParameterSymbol> Errors { get; } = new();

    /// <summary>The model of another file, for what is inlined from there.</summary>
#pragma warning disable RS1030 // A fragment is read where it is called: its file is a part of the workflow.
    public SemanticModel ModelOf(SyntaxTree tree) => compilation.GetSemanticModel(tree);
#pragma warning restore RS1030

    /// <summary>What a caller passed for the parameter of a fragment; anything else as it is.</summary>
    public (ExpressionSyntax Expression, SemanticModel Model) Follow(ExpressionSyntax expression, SemanticModel model)
    {
        expression = expression.WithoutParentheses();
        while (expression is IdentifierNameSyntax && model.GetSymbolInfo(expression, ct).Symbol is { } symbol
            && Bindings.TryGetValue(symbol, out var binding) && binding is Binding.Alias alias)
            (expression, model) = (alias.Expression.WithoutParentheses(), alias.Model);
        return (expression, model);
    }

    /// <summary>Notes that every loop around waits for something.</summary>
    public void Waits()
    {
        foreach (var loop in Loops)
            loop.Waits = true;
    }
}
