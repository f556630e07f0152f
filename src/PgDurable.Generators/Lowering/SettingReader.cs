using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Checks;
using PgDurable.Generators.Diagnostics;
using PgDurable.Generators.Parsing;
using PgDurable.Graph;

namespace PgDurable.Generators.Lowering;

/// <summary>Reads settings that are known at compile time: durations, retries, names, numbers.</summary>
internal sealed partial class SettingReader(FlowModel flow, Scope scope)
{
    private const string DelayRange = "a delay must be between zero and one year";

    /// <summary>The initializer of a static readonly field, or else the expression itself, with a reader for its place.</summary>
    public (ExpressionSyntax Expression, SettingReader At) Initializer(ExpressionSyntax expression)
    {
        var (source, at) = Initializer(expression, scope);
        return (source, new SettingReader(flow, at));
    }

    /// <summary>A constant; null if the expression isn't one.</summary>
    public object? Value(ExpressionSyntax expression) => Read(expression)?.Value;

    /// <summary>The name of an enum member; null if the expression isn't one.</summary>
    public string? EnumMember(ExpressionSyntax expression) => Read(expression)?.EnumMember;

    public string? Text(ExpressionSyntax expression) => Read(expression) switch
    {
        { } constant when constant.Value is string text => text,
        _ => Fail<string>(expression, "a string constant"),
    };

    /// <summary>A text that passes <paramref name="check"/>; null after reporting why it doesn't.</summary>
    public string? Text(ExpressionSyntax expression, Func<string, string?> check)
    {
        if (Text(expression) is not { } text)
            return null;
        if (check(text) is not { } problem)
            return text;
        flow.Reporter.Report(Descriptors.Setting, expression.GetLocation(), expression, problem);
        return null;
    }

    public int? Integer(ExpressionSyntax expression) => Read(expression)?.Value is int number ? number : FailNumber(expression);

    /// <summary>A flag; null after reporting that it isn't constant.</summary>
    public bool? Flag(ExpressionSyntax expression)
    {
        if (Read(expression)?.Value is bool flag)
            return flag;
        Fail<object>(expression, "true or false");
        return null;
    }

    /// <param name="expression">The retries.</param>
    /// <param name="hoist">Computes the delay, if it depends on data.</param>
    public RetrySettings? Retry(ExpressionSyntax expression, Hoist hoist)
    {
        var (source, at) = Initializer(expression, scope);
        if (source is not BaseObjectCreationExpressionSyntax creation)
        {
            return Fail<RetrySettings>(
                expression, "new Retry(…) with constants, or the name of a static readonly field that is set to one");
        }

        var reader = new SettingReader(flow, at);
        var attempts = creation.ArgumentList?.Arguments.FirstOrDefault()?.Expression is { } first ? reader.Integer(first) : null;
        TimeSetting? delay = (TimeSetting)(decimal)Defaults.RetryDelaySeconds;
        decimal? backoff = Defaults.RetryBackoff, max = Defaults.RetryMaxDelaySeconds;
        var hasMax = false;
        IReadOnlyList<string>? on = null;
        bool? retryAfter = false;
        foreach (var item in creation.Initializer?.Expressions ?? default)
        {
            if (item is not AssignmentExpressionSyntax { Left: IdentifierNameSyntax name, Right: var value })
                continue;
            switch (name.Identifier.ValueText)
            {
                case "Delay":
                    delay = reader.Time(value, hoist, 0, Limits.MaxDelaySeconds, DelayRange);
                    break;
                case "MaxDelay":
                    max = reader.Seconds(value, 0, Limits.MaxDelaySeconds, isWhole: false, DelayRange);
                    hasMax = true;
                    break;
                case "Backoff":
                    backoff = reader.Factor(value);
                    break;
                case "RetryAfter":
                    retryAfter = reader.Flag(value);
                    break;
                case "On":
                    on = reader.States(value);
                    if (on is null)
                        return null;
                    break;
            }
        }

        if (attempts is < 1 or > Limits.MaxAttempts)
        {
            flow.Reporter.Report(
                Descriptors.Setting, expression.GetLocation(), expression,
                $"the number of attempts must be between 1 and {Limits.MaxAttempts}");
        }

        // Nobody who writes ten minutes means one.
        if (!hasMax && delay?.Seconds > max)
            max = delay?.Seconds;
        if (attempts is not { } count || delay is not { } pause || backoff is not { } factor || max is not { } limit
            || retryAfter is not { } asked)
            return null;
        return new()
        {
            MaxAttempts = count,
            Delay = pause,
            Backoff = factor,
            MaxDelaySeconds = limit,
            On = on,
            RetryAfter = asked,
        };
    }

    private decimal? Factor(ExpressionSyntax expression)
    {
        switch (Read(expression)?.Value)
        {
            case double number and >= 1 and <= Limits.MaxBackoff:
                return (decimal)number;
            case int number and >= 1 and <= Limits.MaxBackoff:
                return number;
            default:
                flow.Reporter.Report(
                    Descriptors.Setting, expression.GetLocation(), expression,
                    $"a backoff must be a number between 1 and {Limits.MaxBackoff}");
                return null;
        }
    }

    private string[]? States(ExpressionSyntax expression)
    {
        var states = expression.Items()?.Select(item => Text(item, SqlStateCheck.ProblemOrClass)).ToArray();
        if (states is null || states.Length == 0)
            return Fail<string[]>(expression, "a list of SQLSTATEs, such as [\"40001\", \"57\"]");
        return states.Contains(null) ? null : [.. states.OfType<string>()];
    }

    /// <summary>The initializer of a static readonly field, or else the expression itself.</summary>
    private (ExpressionSyntax Expression, Scope Scope) Initializer(ExpressionSyntax expression, Scope at)
    {
        (expression, at) = FlowModel.Follow(expression, at);
        if (expression is not (IdentifierNameSyntax or MemberAccessExpressionSyntax) || at.VariableOf(expression) is not null)
            return (expression, at);
        return at.SymbolOf(expression) is IFieldSymbol { IsStatic: true, IsReadOnly: true } field
            && field.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(flow.Cancellation)
                is VariableDeclaratorSyntax { Initializer.Value: var value, Parent.Parent: MemberDeclarationSyntax member }
            ? (value.WithoutParentheses(), flow.ScopeOf(member, field.ContainingType))
            : (expression, at);
    }

    private Constant? Read(ExpressionSyntax expression)
    {
        var (source, at) = Initializer(expression, scope);
        return ConstantReader.TryRead(at, source, out var constant) ? constant : null;
    }

    private int? FailNumber(ExpressionSyntax expression)
    {
        Fail<object>(expression, "a whole number");
        return null;
    }

    private T? Fail<T>(ExpressionSyntax expression, string wanted)
        where T : class
    {
        flow.Reporter.Report(Descriptors.NoSetting, expression.GetLocation(), expression, wanted);
        return null;
    }
}
