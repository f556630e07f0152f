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
        var hoist = new Hoist(flow);
        var time = Settings.Time(
            call["duration"]!, hoist, 0, Limits.MaxSleepSeconds, "a sleep can't be negative or longer than 1,000 years");
        if (time is not { } duration)
            return null;
        return hoist.Before(duration.Reference is { } reference ? Compose.SleepFor(reference) : Compose.Sleep(duration.Seconds));
    }

    private GraphNode? SleepUntil(StepCall call)
    {
        flow.Waits();
        var hoist = new Hoist(flow);
        return Settings.Moment(call["moment"]!, hoist) is { } moment ? hoist.Before(Compose.SleepUntil(moment)) : null;
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
        var hoist = new Hoist(flow);
        TimeSetting? limit = null;
        if (call["timeout"] is { } timeout)
        {
            limit = Settings.Time(
                timeout, hoist, 0.001m, Limits.MaxWaitSeconds, "a wait must be at least a millisecond and at most 68 years");
            if (limit is null)
                name = null;
        }

        string? result = null;
        foreach (var (type, argument) in call.Outs)
            result = Bind(argument, type);
        if (name is null)
            return null;
        var payload = call.Method.TypeArguments.FirstOrDefault();
        if (flow.Signals.TryGetValue(name, out var other) && !SymbolEqualityComparer.Default.Equals(other, payload))
        {
            flow.Reporter.Report(
                Descriptors.SignalTypes, call.Name.GetLocation(), name, other?.ToDisplayString() ?? "none",
                payload?.ToDisplayString() ?? "none");
        }

        flow.Signals[name] = payload;
        var node = Compose.Signal(name, limit);
        node.Name = result;
        return hoist.Before(node);
    }
}
