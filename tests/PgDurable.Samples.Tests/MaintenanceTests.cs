using Maintenance;
using Npgsql;
using PgDurable.Testing;
using PgDurable.TestKit;

namespace PgDurable.Samples.Tests;

/// <summary>samples/Maintenance: reminders in virtual time, and the application with a real table.</summary>
public sealed class MaintenanceTests
{
    private static readonly MaintainTables.Input Input =
        new(DeadPercent: 20, MinRows: 100, RemindAfter: TimeSpan.FromDays(1), Reminders: 2);

    [Fact]
    public async Task Nobody_Answers_IsRemindedTwiceAndNothingHappens()
    {
        var result = await Test().RunAsync();

        Assert.Equal(new("nobody answered", 0), result.ShouldComplete().Output);
        Assert.Equal(TimeSpan.FromDays(3), result.Elapsed);
        Assert.Equal(3, result.Executed.Count(step => step.Sql.StartsWith("INSERT INTO shop.messages", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Answer_AfterAReminder_VacuumsAllTables()
    {
        var result = await Test()
            .SignalAfter(TimeSpan.FromHours(30), "answer", new MaintainTables.Answer(true, "dana"))
            .CrashAfterEveryStep()
            .RunAsync();

        Assert.Equal(new("done", 2), result.ShouldComplete().Output);
        Assert.Equal(TimeSpan.FromHours(30), result.Elapsed);
        Assert.Equal(2, result.Executed.Count(step => step.Name == "vacuum-table"));
    }

    [Fact]
    public async Task Application_Approved_RemovesTheDeadRows()
    {
        await using var cluster = await PgCluster.StartAsync(
            new() { Worker = true, Settings = new Dictionary<string, string> { ["autovacuum"] = "off" } });
        await cluster.ExecuteAsync(await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Path, "samples", "Maintenance", "schema.sql")));
        await using var application = await SampleProcess.StartAsync("Maintenance", cluster.ConnectionString(user: "shop", pooling: true));
        await Poll.UntilAsync("it is scheduled", () => cluster.ScalarAsync<bool>(
            "SELECT EXISTS (SELECT FROM df.schedules WHERE name = 'maintain-tables' AND next_run > now())"));
        await cluster.ExecuteAsync(
            """
            SET ROLE shop;
            CREATE TABLE shop."Order lines" (id int);
            INSERT INTO shop."Order lines" SELECT generate_series(1, 1000)
            """);
        await cluster.ExecuteAsync("""DELETE FROM shop."Order lines" WHERE id > 500""");
        await DeadAsync(500);
        await OldRows.AreInvisibleAsync(cluster);

        await using var dataSource = NpgsqlDataSource.Create(cluster.ConnectionString(user: "shop", pooling: true));
        var durable = new DurableClient(dataSource);
        var run = await durable.StartByNameAsync(MaintainTables.Definition, Input);
        await Poll.UntilAsync("it asks", () => cluster.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM shop.messages)"));
        await MaintainTables.SignalAnswerAsync(durable, run.InstanceId, new(Approved: true, By: "dana"));

        Assert.Equal(new("done", 1), await run.ResultAsync(TimeSpan.FromMinutes(1)));
        await DeadAsync(0);

        // A session sends its statistics when it has been idle for a moment.
        Task DeadAsync(int count) => Poll.UntilAsync($"{count} rows are dead", () => cluster.ScalarAsync<bool>(
            $"SELECT n_dead_tup = {count} FROM pg_stat_user_tables WHERE relname = 'Order lines'"));
    }

    private static WorkflowTest<MaintainTables.Outcome> Test() =>
        WorkflowTest.For<MaintainTables, MaintainTables.Input, MaintainTables.Outcome>(Input)
            .Rows("bloated", new MaintainTables.Bloated("shop", "orders", 900), new MaintainTables.Bloated("shop", "carts", 500))
            .Answer(VacuumTable.Definition, input => { })
            .AnswerWrites();
}
