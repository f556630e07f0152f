using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using PgDurable.Generators.Diagnostics;
using PgDurable.Graph;

namespace PgDurable.Generators.Parsing;

/// <summary>Reads the chain of steps that <c>Define</c> returns.</summary>
internal sealed class FlowParser(SemanticModel model, IMethodSymbol define, Reporter reporter, CancellationToken ct)
{
    private readonly List<SqlStep> _steps = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>Returns the steps in order; they are complete only when nothing was reported.</summary>
    public IReadOnlyList<SqlStep> Parse(MethodDeclarationSyntax syntax)
    {
        var body = syntax.ExpressionBody?.Expression
            ?? (syntax.Body?.Statements is [ReturnStatementSyntax { Expression: { } returned }] ? returned : null);
        if (body is null)
        {
            var statement = syntax.Body?.Statements.FirstOrDefault(candidate => candidate is not ReturnStatementSyntax);
            var wrong = (SyntaxNode?)statement ?? syntax.Body;
            reporter.Report(Descriptors.UnsupportedBody, wrong?.GetLocation() ?? syntax.Identifier.GetLocation());
            return _steps;
        }

        if (!ParseChain(body))
            return _steps;
        if (_steps.Count == 0 && !reporter.HasErrors)
            reporter.Report(Descriptors.NoSteps, body.GetLocation());
        if (_steps.Count > WellKnownNames.MaxSteps)
            reporter.Report(Descriptors.TooManySteps, syntax.Identifier.GetLocation(), _steps.Count, WellKnownNames.MaxSteps);
        return _steps;
    }

    // The outermost call is the last step: the calls before it are parsed first, so that names are bound in the order of execution.
    private bool ParseChain(ExpressionSyntax expression)
    {
        expression = expression.WithoutParentheses();
        if (expression is IdentifierNameSyntax
            && SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(expression, ct).Symbol, define.Parameters[0]))
            return true;

        if (expression is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax member } call
            && model.GetOperation(call, ct) is IInvocationOperation operation
            && operation.TargetMethod.ContainingType.IsInSdk(WellKnownNames.Flow)
            && operation.TargetMethod.Name is WellKnownNames.Execute or WellKnownNames.Query or WellKnownNames.QuerySingle)
            return ParseChain(member.Expression) && ParseStep(operation);

        if (expression is InvocationExpressionSyntax && model.GetSymbolInfo(expression, ct).Symbol is null)
            reporter.Fail();
        else
            reporter.Report(Descriptors.NotAChain, NameOf(expression).GetLocation(), NameOf(expression), define.Parameters[0].Name);
        return false;
    }

    private static SyntaxNode NameOf(ExpressionSyntax expression) => expression switch
    {
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax member } => member.Name,
        InvocationExpressionSyntax invocation => invocation.Expression,
        _ => expression,
    };

    private bool ParseStep(IInvocationOperation call)
    {
        string? sql = null;
        string? name = null;
        foreach (var argument in call.Arguments)
        {
            if (argument.Syntax is not ArgumentSyntax syntax)
                continue;
            switch (argument.Parameter?.Name)
            {
                case WellKnownNames.SqlParameter:
                    sql = new SqlTextParser(model, define, reporter, ct).Parse(syntax.Expression);
                    break;
                case WellKnownNames.RowParameter or WellKnownNames.RowsParameter:
                    name = ParseName(syntax);
                    break;
            }
        }

        if (sql is not null)
            _steps.Add(new(sql, name));
        return true;
    }

    private string? ParseName(ArgumentSyntax argument)
    {
        if (argument.Expression is not DeclarationExpressionSyntax { Designation: SingleVariableDesignationSyntax variable })
            return null;

        var location = variable.Identifier.GetLocation();
        var written = variable.Identifier.ValueText;
        var name = SnakeCase.From(written);
        if (name == WellKnownNames.Input)
            reporter.Report(Descriptors.InvalidStepName, location, written, "steps know the workflow's input by that name");
        else if (!SnakeCase.IsReferable(name))
            reporter.Report(Descriptors.InvalidStepName, location, written, "use the letters a to z, digits and underscores");
        else if (!_names.Add(name))
            reporter.Report(Descriptors.DuplicateStep, location, name);
        return name;
    }
}
