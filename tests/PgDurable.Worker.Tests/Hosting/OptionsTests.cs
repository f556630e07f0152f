using Microsoft.Extensions.Options;
using PgDurable.Worker.Hosting;

namespace PgDurable.Worker.Tests.Hosting;

public sealed class OptionsTests
{
    public static TheoryData<string, Action<WorkerOptions>> Defects => new()
    {
        { "ConnectionString", o => o.ConnectionString = "" },
        { "ConnectionString", o => o.ConnectionString = "Host=x;Nonsense=1" },
        { "MaxConcurrentSteps", o => o.MaxConcurrentSteps = 0 },
        { "MaxConcurrentSteps", o => o.MaxConcurrentSteps = 1001 },
        { "MaxResultBytes", o => o.MaxResultBytes = 1023 },
        { "PollInterval", o => o.PollInterval = TimeSpan.Zero },
        { "HeartbeatInterval", o => o.HeartbeatInterval = TimeSpan.FromMinutes(2) },
        { "SilenceLimit", o => o.SilenceLimit = TimeSpan.FromSeconds(1) },
        { "SilenceLimit", o => (o.SilenceLimit, o.HeartbeatInterval) = (TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(6)) },
        { "ShutdownTimeout", o => o.ShutdownTimeout = TimeSpan.FromSeconds(-1) },
    };

    [Theory]
    [MemberData(nameof(Defects))]
    public async Task Start_SettingOutOfRange_NamesIt(string setting, Action<WorkerOptions> configure)
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => HostedWorker.StartAsync("Host=nowhere", configure));
        Assert.Contains(setting, error.Message);
    }
}
