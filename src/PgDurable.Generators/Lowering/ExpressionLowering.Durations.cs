using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PgDurable.Generators.Lowering;

/// <content>TimeSpan.FromMinutes(…) and its like, which become intervals.</content>
internal sealed partial class ExpressionLowering
{
    private string? Duration(InvocationExpressionSyntax call, IMethodSymbol method)
    {
        if (new SettingReader(flow, scope).ConstantDuration(call) is { } constant)
        {
            var seconds = ((decimal)constant.Ticks / TimeSpan.TicksPerSecond).ToString("0.######", CultureInfo.InvariantCulture);
            return $"interval '{seconds} seconds'";
        }

        var unit = method.Name switch
        {
            "FromDays" => "day",
            "FromHours" => "hour",
            "FromMinutes" => "minute",
            "FromSeconds" => "second",
            "FromMilliseconds" => "millisecond",
            _ => null,
        };
        if (unit is null || call.ArgumentList.Arguments is not [{ Expression: var number }])
            return Explain(call);
        return Lower(number) is { } sql ? $"(({sql})::double precision * interval '1 {unit}')" : null;
    }
}
