using Microsoft.CodeAnalysis;
using PgDurable.Generators.Checks;
using PgDurable.Generators.Diagnostics;
using PgDurable.Generators.Model;
using PgDurable.Graph;

namespace PgDurable.Generators.Lowering;

/// <summary>SLEEP, WAIT_SCHEDULE and SIGNAL.</summary>
internal sealed partial class FlowLowering
{
    private GraphNode? Sleep(StepCall call)
    {
        flow.Waits();
        var seconds = Settings.Seconds(
            call["duration"]!, 0, Limits.MaxSleepSeconds, isWhole: false, "a sleep is from none to a thousand years");
        return seconds is { } time ? Compose.Sleep(time) : null;
    }

    private GraphNode? Schedule(StepCall call)
    {
        flow.Waits();
        var cron = Settings.Text(call["cron"]!, CronCheck.Problem);
        var zone = call["timeZone"] is { } given ? Settings.Text(given, TimeZoneCheck.Problem) : null;
        if (cron is null || (zone is null && call["timeZone"] is not null))
            return null;
        return Compose.Schedule(cron, zone);
    }

    private GraphNode? Signal(StepCall call)
    {
        flow.Waits();
        var name = Settings.Text(call["name"]!, SignalNameCheck.Problem);
        int? seconds = null;
        if (call["timeout"] is { } timeout)
        {
            seconds = (int?)Settings.Seconds(timeout, 1, Limits.MaxWaitSeconds, isWhole: true, "a wait is whole seconds, at least one");
            if (seconds is null)
                name = null;
        }

        string? result = null;
        foreach (var (type, argument) in call.Outs)
            result = Bind(argument, type);
        if (name is null)
            return null;
        var payload = call.Method.TypeArguments.FirstOrDefault();
        if (flow.Signals.TryGetValue(name, out var other) && !SymbolEqualityComparer.Default.Equals(other, payload))
            flow.Reporter.Report(Descriptors.SignalTypes, call.Name.GetLocation(), name, other?.ToDisplayString() ?? "none", payload?.ToDisplayString() ?? "none");
        flow.Signals[name] = payload;
        var node = Compose.Signal(name, seconds);
        node.Name = result;
        return node;
    }
}
