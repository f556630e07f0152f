namespace PgDurable.Sdk.Tests.Activities;

/// <summary>Activities that do nothing.</summary>
internal static class TestActivities
{
    public static ActivityDefinition<int> Named(string name) => ActivityDefinition.Create<Nothing, int>(
        name, (writer, value) => writer.WriteNumberValue(value), json => json.GetProperty("count").GetInt32());

    public static TaskRun Run(string activity) => new(
        new(1, Guid.NewGuid(), activity, "{}", "abc", 1, 1, Guid.NewGuid(), null, DateTimeOffset.UnixEpoch, null), Named(activity), 0);

    public sealed class Nothing : IActivity<int>
    {
        public Task RunAsync(int input, ActivityContext context, CancellationToken ct) => Task.CompletedTask;
    }
}
