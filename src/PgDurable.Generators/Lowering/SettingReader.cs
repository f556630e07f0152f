using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Checks;
using PgDurable.Generators.Diagnostics;
using PgDurable.Generators.Parsing;
using PgDurable.Graph;

namespace PgDurable.Generators.Lowering;

/// <summary>Reads what is set while the project compiles: durations, retries, names, numbers.</summary>
internal sealed partial class SettingReader(FlowModel flow, Scope scope)
{
    /// <summary>What a field that is set once is set to, and otherwise the expression itself; with what reads it there.</summary>
    public (ExpressionSyntax Expression, SettingReader At) Initializer(ExpressionSyntax expression)
    {
        var (source, at) = Initializer(expression, scope);
        return (source, new SettingReader(flow, at));
    }

    /// <summary>A constant; null when it is none.</summary>
    public object? Value(ExpressionSyntax expression) => Read(expression)?.Value;

    /// <summary>The name of an enumeration's member; null when it is none.</summary>
    public string? EnumMember(ExpressionSyntax expression) => Read(expression)?.EnumMember;

    public string? Text(ExpressionSyntax expression) => Read(expression) switch
    {
        { } constant when constant.Value is string text => text,
        _ => Fail<string>(expression, "a text constant"),
    };

    /// <summary>A text that is what <paramref name="check"/> says that it has to be; null after reporting that it is not.</summary>
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

    /// <summary>A flag; null after reporting that it is no constant.</summary>
    public bool? Flag(ExpressionSyntax expression)
    {
        if (Read(expression)?.Value is bool flag)
            return flag;
        Fail<object>(expression, "true or false");
        return null;
    }

    /// <summary>A duration in seconds; null after reporting that it is not one, or out of range.</summary>
    public decimal? Seconds(ExpressionSyntax expression, decimal low, decimal high, bool isWhole, string range)
    {
        if (Duration(expression, scope) is not { } duration)
        {
            Fail<object>(expression, "a constant duration, as in TimeSpan.FromMinutes(5)");
            return null;
        }

        var seconds = (decimal)duration.Ticks / TimeSpan.TicksPerSecond;
        if (seconds >= low && seconds <= high && (!isWhole || decimal.Truncate(seconds) == seconds))
            return seconds;
        flow.Reporter.Report(Descriptors.Setting, expression.GetLocation(), expression, range);
        return null;
    }

    public RetrySettings? Retry(ExpressionSyntax expression)
    {
        var (source, at) = Initializer(expression, scope);
        if (source is not BaseObjectCreationExpressionSyntax creation)
            return Fail<RetrySettings>(expression, "new Retry(…) with constants, or a static readonly field of it");

        var reader = new SettingReader(flow, at);
        var attempts = creation.ArgumentList?.Arguments.FirstOrDefault()?.Expression is { } first ? reader.Integer(first) : null;
        decimal? delay = Defaults.RetryDelaySeconds, backoff = Defaults.RetryBackoff, max = Defaults.RetryMaxDelaySeconds;
        IReadOnlyList<string>? on = null;
        bool? retryAfter = false;
        foreach (var item in creation.Initializer?.Expressions ?? default)
        {
            if (item is not AssignmentExpressionSyntax { Left: IdentifierNameSyntax name, Right: var value })
                continue;
            switch (name.Identifier.ValueText)
            {
                case "Delay":
                    delay = reader.Delay(value);
                    break;
                case "MaxDelay":
                    max = reader.Delay(value);
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
                Descriptors.Setting, expression.GetLocation(), expression, $"attempts are from 1 to {Limits.MaxAttempts}");
        }

        if (attempts is not { } count || delay is not { } pause || backoff is not { } factor || max is not { } limit
            || retryAfter is not { } asked)
            return null;
        return new()
        {
            MaxAttempts = count,
            DelaySeconds = pause,
            Backoff = factor,
            MaxDelaySeconds = limit,
            On = on,
            RetryAfter = asked,
        };
    }

    private decimal? Delay(ExpressionSyntax expression) =>
        Seconds(expression, 0, Limits.MaxDelaySeconds, isWhole: false, "a delay is from none to a year");

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
                    Descriptors.Setting, expression.GetLocation(), expression, $"a backoff is a number from 1 to {Limits.MaxBackoff}");
                return null;
        }
    }

    private string[]? States(ExpressionSyntax expression)
    {
        IEnumerable<ExpressionSyntax>? items = expression.WithoutParentheses() switch
        {
            CollectionExpressionSyntax collection => collection.Elements.OfType<ExpressionElementSyntax>().Select(element => element.Expression),
            ImplicitArrayCreationExpressionSyntax array => array.Initializer.Expressions,
            ArrayCreationExpressionSyntax { Initializer.Expressions: var list } => list,
            _ => null,
        };
        var states = items?.Select(item => Text(item, SqlStateCheck.ProblemOrClass)).ToArray();
        if (states is null || states.Length == 0)
            return Fail<string[]>(expression, "a list of SQLSTATEs, as in [\"40001\", \"57\"]");
        return states.Contains(null) ? null : [.. states.OfType<string>()];
    }

    /// <summary>The value of a field that is set once, and otherwise the expression itself.</summary>
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
