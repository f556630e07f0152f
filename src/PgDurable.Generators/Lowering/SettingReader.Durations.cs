using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Diagnostics;

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
