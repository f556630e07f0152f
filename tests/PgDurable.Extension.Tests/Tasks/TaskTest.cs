using PgDurable.Extension.Tests.Store;

namespace PgDurable.Extension.Tests.Tasks;

/// <summary>A test of tasks: the test plays the worker that makes them, and the roles that claim them.</summary>
public abstract class TaskTest(StoreFixture fixture) : StoreTest(fixture)
{
    /// <summary>An instance in the worker's hands.</summary>
    private protected async Task<long> InstanceAsync(string? workflow = null)
    {
        long instance;
        if (workflow is null)
        {
            instance = await User.StartAsync();
        }
        else
        {
            await User.ExecuteAsync("SELECT df.register_workflow($1, 'SELECT 1')", workflow);
            instance = await User.InstanceAsync((await User.ScalarAsync<string>("SELECT df.start_workflow($1)", workflow))!);
        }
        await Worker.ClaimOneAsync();
        return instance;
    }

    /// <summary>Makes tasks of an instance, at the paths 0:0, 0:1 and so on.</summary>
    private protected async Task MakeAsync(long instance, string name = "charge", int count = 1, string more = "")
    {
        var tasks = Enumerable.Range(0, count).Select(i =>
            $$"""{"node":0,"path":"0:{{i}}","name":"{{name}}","attempt":1,"key_path":"0:{{i}}","input":{"i":{{i}}}{{more}} }""");
        Assert.Empty(await Worker.RecordAsync(
            $$"""{"instance":{{instance}},"checkpoints":[],"take_signals":[],"start_tasks":[{{string.Join(',', tasks)}}]}"""));
    }

    /// <summary>Records that the time of the instance's first task is up. Returns nothing if it was recorded.</summary>
    private protected Task<List<long>> ExpireAsync(long instance) => Worker.RecordAsync(TestWorker.Record(
        instance, 7, more: ""","expire_tasks":[{"node":0,"path":"0:0"}]"""));

    private protected static Task<List<Claimed>> ClaimAsync(
        TestSession session, string name = "charge", int max = 10, string lease = "1 minute", string queue = "default") =>
        session.QueryAsync(
        "SELECT task, token, instance_id, delivery, input::text FROM df.claim_tasks(ARRAY[$1], $2, $3::interval, $4)",
        row => new Claimed(row.GetInt64(0), row.GetGuid(1), row.GetString(2), row.GetInt32(3), row.GetString(4)), name, max, lease, queue);

    private protected static async Task<Claimed> ClaimOneAsync(TestSession session) => Assert.Single(await ClaimAsync(session));

    private protected static Task CompleteAsync(TestSession session, Claimed task, string result = "{}") =>
        session.ExecuteAsync("SELECT df.complete_task($1, $2, $3::json)", task.Task, task.Token, result);

    /// <summary>What the worker reads of an instance's ended tasks: path, result and error.</summary>
    private protected Task<List<string>> EndedAsync(long instance) =>
        Worker.ColumnAsync<string>("SELECT concat_ws('|', path, result, error) FROM df._worker_tasks(ARRAY[$1])", instance);

    private protected sealed record Claimed(long Task, Guid Token, string Instance, int Delivery, string Input);
}
