using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Diagnostics;
using PgDurable.Generators.Parsing;
using PgDurable.Graph;

namespace PgDurable.Generators.Lowering;

/// <summary>Durations.</summary>
internal sealed partial class SettingReader
{
    /// <summary>A duration in seconds; null after reporting that it isn't one or is out of range.</summary>
    public decimal? Seconds(ExpressionSyntax expression, decimal low, decimal high, bool isWhole, string range)
    {
        if (Duration(expression, scope) is not { } duration)
        {
            Fail<object>(expression, "a constant duration, such as TimeSpan.FromMinutes(5)");
            return null;
        }

        var seconds = (decimal)duration.Ticks / TimeSpan.TicksPerSecond;
        if (seconds >= low && seconds <= high && (!isWhole || decimal.Truncate(seconds) == seconds))
            return seconds;
        flow.Reporter.Report(Descriptors.Setting, expression.GetLocation(), expression, range);
        return null;
    }

    /// <summary>A constant duration; null if the expression isn't one.</summary>
    public TimeSpan? ConstantDuration(ExpressionSyntax expression) => Duration(expression, scope);

    /// <summary>
    /// A constant duration, or one that the input or a result has when the workflow gets there; null after reporting why it is neither.
    /// </summary>
    /// <param name="expression">The duration.</param>
    /// <param name="hoist">Computes it, if it is more than a reference.</param>
    /// <param name="low">The least number of seconds of a constant.</param>
    /// <param name="high">The greatest.</param>
    /// <param name="range">Says so.</param>
    public TimeSetting? Time(ExpressionSyntax expression, Hoist hoist, decimal low, decimal high, string range) =>
        scope.Mentions(expression)
            ? Reference(expression, hoist) is { } reference ? TimeSetting.Of(reference) : null
            : Seconds(expression, low, high, isWhole: false, range) is { } seconds ? (TimeSetting)seconds : null;

    /// <summary>A moment that the input or a result has when the workflow gets there; null after reporting that it isn't one.</summary>
    public string? Moment(ExpressionSyntax expression, Hoist hoist)
    {
        if (scope.Mentions(expression) && scope.TypeOf(expression) is not { Name: "DateTime" })
            return Reference(expression, hoist);
        return Fail<string>(
            expression, "a DateTimeOffset of the input or of a result; for a duration, use Sleep, and for a calendar, WaitForSchedule");
    }

    private string? Reference(ExpressionSyntax expression, Hoist hoist)
    {
        if (new ExpressionLowering(flow, scope).Lower(expression) is not { } sql)
            return null;
        return new ValueResolver(flow).Resolve(expression, scope) switch
        {
            Binding.Value { IsPlain: true } value => value.Reference + (value.MayBeNull ? "?" : ""),
            Binding.Row { MayBeMissing: false } row when !row.Type.MayBeNull() => "$" + row.Name,
            _ => hoist.Json(sql),
        };
    }

    private TimeSpan? Duration(ExpressionSyntax expression, Scope at)
    {
        (expression, at) = Initializer(expression, at);
        // Where a duration is expected, `new(0, 5, 0)` can only be one.
        var (method, type) = expression switch
        {
            ImplicitObjectCreationExpressionSyntax => (".ctor", null),
            ObjectCreationExpressionSyntax creation => (".ctor", at.TypeNamed(creation.Type)),
            InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax member } =>
                (member.Name.Identifier.ValueText, at.SymbolOf(member.Expression) as ITypeSymbol),
            InvocationExpressionSyntax => ("", at.TypeOf(expression)),
            MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Zero" } member =>
                ("Zero", at.SymbolOf(member.Expression) as ITypeSymbol),
            _ => (at.SymbolOf(expression)?.Name ?? "", at.SymbolOf(expression)?.ContainingType),
        };
        if (expression is not ImplicitObjectCreationExpressionSyntax
            && type is not { Name: "TimeSpan", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } })
            return null;
        if (method == "Zero")
            return TimeSpan.Zero;
        var arguments = expression switch
        {
            InvocationExpressionSyntax call => call.ArgumentList.Arguments,
            BaseObjectCreationExpressionSyntax { ArgumentList: { } list } => list.Arguments,
            _ => default,
        };
        var numbers = arguments.Select(argument => Number(argument.Expression, at)).ToArray();
        if (numbers.Length == 0 || numbers.Contains(null) || arguments.Any(argument => argument.NameColon is not null))
            return null;
        try
        {
            return Duration(method, [.. numbers.Select(number => number!.Value)]);
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private static TimeSpan? Duration(string method, double[] numbers)
    {
        // .NET 10's overloads take the smaller units after the one in the name.
        var units = new[]
        {
            TimeSpan.TicksPerDay, TimeSpan.TicksPerHour, TimeSpan.TicksPerMinute, TimeSpan.TicksPerSecond, TimeSpan.TicksPerMillisecond,
        };
        var first = method switch
        {
            "FromDays" => 0,
            "FromHours" => 1,
            "FromMinutes" => 2,
            "FromSeconds" => 3,
            "FromMilliseconds" => 4,
            ".ctor" => numbers.Length switch { 3 => 1, 4 or 5 => 0, _ => -1 },
            _ => -1,
        };
        if (method is "FromTicks" or ".ctor" && numbers.Length == 1)
            return TimeSpan.FromTicks(checked((long)numbers[0]));
        if (first < 0 || first + numbers.Length > units.Length)
            return null;
        var ticks = numbers.Select((number, i) => (decimal)number * units[first + i]).Sum();
        return TimeSpan.FromTicks((long)ticks);
    }

    private double? Number(ExpressionSyntax expression, Scope at) =>
        ConstantReader.TryRead(at, expression, out var constant)
            ? constant.Value switch
            {
                int number => number,
                long number => number,
                double number => number,
                _ => null,
            }
            : null;
}
