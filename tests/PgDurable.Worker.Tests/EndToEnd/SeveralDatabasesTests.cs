namespace PgDurable.Worker.Tests.EndToEnd;

/// <summary>A server with workflows in several databases: one launcher, and a worker for each.</summary>
public sealed class SeveralDatabasesTests
{
    [Fact]
    public async Task Databases_Several_EachHasItsOwnWorkflowsAndWorker()
    {
        await using var cluster = await PgCluster.StartAsync(new()
        {
            Worker = true,
            Settings = new Dictionary<string, string>
            {
                ["pg_durable.databases"] = "second, \"Third, of all\"",
                ["pg_durable.max_user_connections"] = "4",
            },
        });
        await cluster.ExecuteAsync("CREATE ROLE app LOGIN");
        string[] databases = ["postgres", "second", "Third, of all"];
        foreach (var database in databases)
        {
            if (database != "postgres")
                await cluster.ExecuteAsync($"CREATE DATABASE \"{database}\"");
            await cluster.ExecuteAsync("CREATE EXTENSION pg_durable; CREATE TABLE public.t AS SELECT ''::text AS v WHERE false; "
                + "GRANT ALL ON public.t TO app; SELECT df.grant_usage('app')", database);
        }

        foreach (var database in databases)
        {
            // Where no database is named, the one of df.start is meant.
            var id = await cluster.ScalarAsync<string>(
                "SET ROLE app; SELECT df.start('INSERT INTO public.t SELECT current_database() || '' '' || current_user')", database);
            await Poll.UntilAsync($"it completed in {database}", async () =>
                await cluster.ScalarAsync<string>($"SELECT df.status('{id}')", database) == "completed");
            Assert.Equal($"{database} app", await cluster.ScalarAsync<string>("SELECT string_agg(v, ',') FROM public.t", database));
            Assert.Equal(1L, await cluster.ScalarAsync<long>("SELECT count(*) FROM df.instances", database));
            Assert.Equal("postgres", await cluster.ScalarAsync<string>("SELECT df.target_database()", database));
        }

        Assert.Equal(1L, await cluster.ScalarAsync<long>(
            "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'pg_durable launcher' AND query = '3 of 3 workers running'"));
        Assert.Equal(
            string.Join('|', databases),
            await cluster.ScalarAsync<string>(
                "SELECT string_agg(datname, '|' ORDER BY datname COLLATE \"C\" DESC) FILTER (WHERE datname = 'postgres') || '|' || "
                + "string_agg(datname, '|' ORDER BY datname COLLATE \"C\" DESC) FILTER (WHERE datname <> 'postgres') "
                + "FROM pg_stat_activity WHERE application_name = 'pg_durable:worker:poll'"));
    }

    [Fact]
    public async Task Databases_OneGoesAway_TheOthersGoOn()
    {
        await using var cluster = await PgCluster.StartAsync(
            new() { Worker = true, Settings = new Dictionary<string, string> { ["pg_durable.databases"] = "second" } });
        await cluster.ExecuteAsync("CREATE DATABASE second");
        foreach (var database in (string[])["postgres", "second"])
            await cluster.ExecuteAsync("CREATE EXTENSION pg_durable", database);
        await cluster.ExecuteAsync("CREATE ROLE app LOGIN; SELECT df.grant_usage('app')");
        await Poll.UntilAsync("both workers are there", async () =>
            await cluster.ScalarAsync<long>(
                "SELECT count(DISTINCT datname) FROM pg_stat_activity WHERE application_name = 'pg_durable:worker:poll'") == 2);

        await cluster.ExecuteAsync("DROP DATABASE second WITH (FORCE)");

        var id = await cluster.ScalarAsync<string>("SET ROLE app; SELECT df.start('SELECT 1')");
        await Poll.UntilAsync(
            "the other one works", async () => await cluster.ScalarAsync<string>($"SELECT df.status('{id}')") == "completed");
    }
}
