using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Model;
using PgDurable.Generators.Parsing;

namespace PgDurable.Generators.Lowering;

/// <summary>What is known while a workflow is lowered.</summary>
internal sealed class FlowModel(Compilation compilation, INamedTypeSymbol workflow, Reporter reporter, CancellationToken ct)
{
    private readonly Dictionary<SyntaxTree, SemanticModel> _models = [];
    private INamedTypeSymbol? _flow;

    public Compilation Compilation => compilation;

    public INamedTypeSymbol Workflow => workflow;

    /// <summary>The type whose methods are the steps.</summary>
    public INamedTypeSymbol Flow => _flow ??= compilation.GetTypeByMetadataName($"{WellKnownNames.Namespace}.{WellKnownNames.Flow}")!;

    public Reporter Reporter => reporter;

    public CancellationToken Cancellation => ct;

    /// <summary>The type of a flow whose last step has a result.</summary>
    public INamedTypeSymbol FlowOf(ITypeSymbol result) =>
        compilation.GetTypeByMetadataName($"{WellKnownNames.Namespace}.{WellKnownNames.Flow}`1")!.Construct(result);

    /// <summary>The names of results.</summary>
    public ResultNames Names { get; } = new();

    /// <summary>The signals that the workflow waits for, with the types of their payloads; null for no payload.</summary>
    public Dictionary<string, ITypeSymbol?> Signals { get; } = new(StringComparer.Ordinal);

    /// <summary>The type of what the workflow publishes; null if it publishes nothing.</summary>
    public ITypeSymbol? State { get; set; }

    /// <summary>The enclosing loops; the innermost is on top.</summary>
    public Stack<LoopState> Loops { get; } = new();

    /// <summary>The fragments that are being inlined.</summary>
    public Stack<IMethodSymbol> Fragments { get; } = new();

    /// <summary>The errors of the enclosing handlers. Only the innermost can be referred to.</summary>
    public Stack<Binding.Error> Errors { get; } = new();

    /// <summary>The statements that are written in C#, and not made of an expression.</summary>
    public Dictionary<GraphNode, SqlStep> Statements { get; } = [];

    /// <summary>The methods that were read.</summary>
    public List<MethodDeclarationSyntax> Methods { get; } = [];

    /// <summary>The scope of a member's body. Everything in the body is bound as if it stood at the member's declaration.</summary>
    public Scope ScopeOf(MemberDeclarationSyntax member, INamedTypeSymbol container)
    {
        if (!_models.TryGetValue(member.SyntaxTree, out var model))
        {
#pragma warning disable RS1030 // A fragment is read where it is called, so its file is part of the workflow.
            model = compilation.GetSemanticModel(member.SyntaxTree);
#pragma warning restore RS1030
            _models.Add(member.SyntaxTree, model);
        }

        return new(new DeclarationBinder(model, container, member.SpanStart, ct));
    }

    /// <summary>Follows the parameter of a fragment to what the caller passed. Returns anything else unchanged.</summary>
    public static (ExpressionSyntax Expression, Scope Scope) Follow(ExpressionSyntax expression, Scope scope)
    {
        expression = expression.WithoutParentheses();
        while (scope.VariableOf(expression)?.Binding is Binding.Alias alias)
            (expression, scope) = (alias.Expression.WithoutParentheses(), alias.Scope);
        return (expression, scope);
    }

    /// <summary>Notes that every enclosing loop waits for something.</summary>
    public void Waits()
    {
        foreach (var loop in Loops)
            loop.Waits = true;
    }
}
