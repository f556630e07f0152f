using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Diagnostics;
using PgDurable.Generators.Model;
using PgDurable.Generators.Parsing;
using PgDurable.Graph;

namespace PgDurable.Generators.Lowering;

/// <summary>Reads a workflow's <c>Define</c>.</summary>
internal static class DefinitionLowering
{
    /// <summary>Returns the graph; null after reporting what is wrong.</summary>
    public static GraphNode? Lower(FlowModel flow, AttributeData attribute, IMethodSymbol define, MethodDeclarationSyntax syntax)
    {
        if (FlowLowering.BodyOf(syntax) is not { } body)
        {
            var statement = syntax.Body?.Statements.FirstOrDefault(candidate => candidate is not ReturnStatementSyntax);
            var wrong = (SyntaxNode?)statement ?? syntax.Body;
            flow.Reporter.Report(Descriptors.UnsupportedBody, wrong?.GetLocation() ?? syntax.Identifier.GetLocation());
            return null;
        }

        flow.Methods.Add(syntax);
        var scope = flow.ScopeOf(syntax, define.ContainingType);
        var start = scope.Declare(define.Parameters[0].Name, new Binding.Steps(define.Parameters[0].Type));
        scope.Declare(define.Parameters[1].Name, new Binding.Input(define.Parameters[1].Type));
        var lowering = new FlowLowering(flow, scope);
        var input = syntax.ParameterList.Parameters[1];
        var tags = InputTags.Of(define.Parameters[1].Type, flow, input.GetLocation());
        var root = lowering.Chain(body, start, lowering.InputTags(input, tags)).Node;
        if (root is null)
        {
            if (!flow.Reporter.HasErrors)
                flow.Reporter.Report(Descriptors.NoSteps, body.GetLocation());
            return null;
        }

        if (attribute.Setting(WellKnownNames.OnCancel) is 1)
            root = Compose.UndoOnCancel(root);
        Check(flow, root, syntax.Identifier.GetLocation());
        return flow.Reporter.HasErrors ? null : root;
    }

    private static void Check(FlowModel flow, GraphNode root, Location location)
    {
        var steps = 1;
        for (var node = root; node is { Kind: NodeKind.Then }; node = node.Left!)
            steps++;
        var numbers = GraphNumbers.Of(root, out var depth);
        if (steps > Limits.MaxDepth + 1)
            flow.Reporter.Report(Descriptors.TooManySteps, location, steps, Limits.MaxDepth + 1);
        else if (depth > Limits.MaxDepth)
            flow.Reporter.Report(Descriptors.TooDeep, location, $"nodes nested {depth} levels deep", $"{Limits.MaxDepth} levels");
        else if (numbers.Count > Limits.MaxNodes)
            flow.Reporter.Report(Descriptors.TooDeep, location, $"{numbers.Count} nodes", $"{Limits.MaxNodes}");
    }
}
