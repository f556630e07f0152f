using Microsoft.Extensions.DependencyInjection;

namespace PgDurable.Sdk.Tests.Activities;

public class ActivityOptionsTests
{
    public static TheoryData<string, Action<ActivityOptions>> OutOfRange => new()
    {
        { "MaxConcurrency", options => options.MaxConcurrency = 0 },
        { "MaxConcurrency", options => options.MaxConcurrency = 1001 },
        { "Lease", options => options.Lease = TimeSpan.FromSeconds(0.9) },
        { "Lease", options => options.Lease = TimeSpan.FromDays(1.1) },
        { "PollInterval", options => options.PollInterval = TimeSpan.Zero },
        { "PollInterval", options => options.PollInterval = TimeSpan.FromMinutes(2) },
        { "ShutdownTimeout", options => options.ShutdownTimeout = TimeSpan.FromSeconds(-1) },
        { "ShutdownTimeout", options => options.ShutdownTimeout = TimeSpan.FromHours(2) },
        { "Queues", options => options.Queues = [] },
        { "Queues", options => options.Queues = ["default", ""] },
        { "Queues", options => options.Queues = [new string('q', 201)] },
        { "Queues", options => options.Queues = ["default", null!] },
        { "maxConcurrency", options => options.Limit(TestActivities.Named("a"), 0) },
        { "maxConcurrency", options => options.Limit(TestActivities.Named("a"), 1001) },
    };

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public void Validate_OutOfRange_NamesTheOption(string option, Action<ActivityOptions> configure)
    {
        var error = Assert.ThrowsAny<ArgumentException>(
            () => new ServiceCollection().AddPgDurableActivities([TestActivities.Named("a")], configure));
        Assert.Contains(option, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_Limits_AreAllowed()
    {
        var options = new ActivityOptions();
        options.Validate();
        (options.MaxConcurrency, options.Lease, options.PollInterval, options.ShutdownTimeout, options.Queues) =
            (1000, TimeSpan.FromDays(1), TimeSpan.FromMinutes(1), TimeSpan.FromHours(1), [new string('q', 200)]);
        options.Validate();
        (options.MaxConcurrency, options.Lease, options.PollInterval, options.ShutdownTimeout) =
            (1, TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(10), TimeSpan.Zero);
        options.Validate();
    }

    [Fact]
    public void Groups_LimitedActivities_AreClaimedByThemselves()
    {
        var options = new ActivityOptions { Queues = ["default", "slow", "default"] };
        options.Limit(TestActivities.Named("b"), 2);

        var groups = ClaimGroup.Of(["c", "b", "a"], options);

        Assert.Equal(
            ["default b b", "default a,c ", "slow b b", "slow a,c "],
            groups.Select(group => $"{group.Queue} {string.Join(',', group.Names)} {group.Limited}"));
    }

    [Fact]
    public void Room_LimitsAndUnreportedEnds_AreCounted()
    {
        var options = new ActivityOptions { MaxConcurrency = 3 };
        options.Limit(TestActivities.Named("b"), 1);
        var running = new RunningTasks(options);
        Assert.Equal((3, 1), (running.Room(), running.Room("b")));

        var runs = new List<TaskRun>();
        for (var i = 0; i < 5; i++)
        {
            runs.Add(TestActivities.Run(i == 0 ? "b" : "a"));
            running.Enter(runs[i]);
            if (i == 0)
                Assert.Equal((2, 0), (running.Room(), running.Room("b")));
            running.Leave(runs[i]);
        }
        // Five of at most six are not settled.
        Assert.Equal((1, 1), (running.Room(), running.Room("b")));
        runs.ForEach(running.Settle);
        running.Settle(runs[0]);
        Assert.Equal(3, running.Room());
        Assert.True(running.IdleAsync().IsCompleted);
    }
}
