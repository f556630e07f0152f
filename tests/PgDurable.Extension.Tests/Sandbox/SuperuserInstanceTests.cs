using Npgsql;
using PgDurable.TestKit;

namespace PgDurable.Extension.Tests.Sandbox;

/// <summary>
/// Steps of superusers, which an administrator may allow. They have their rights, but no control over the worker's session.
/// </summary>
public sealed class SuperuserInstanceTests(SuperuserInstanceTests.Fixture fixture) : IClassFixture<SuperuserInstanceTests.Fixture>
{
    [Fact]
    public async Task Step_OfASuperuser_HasItsRights()
    {
        await using var session = await WorkerSession.OpenAsync(fixture.Cluster);
        Assert.Equal("root root on", await session.StepAsync(
            "root", "SELECT concat_ws(' ', session_user, current_user, current_setting('is_superuser'))"));
        await session.AssertUntouchedAsync();
    }

    [Theory]
    [InlineData("SET ROLE alice")]
    [InlineData("RESET SESSION AUTHORIZATION")]
    [InlineData("SELECT df._enter('alice'::regrole, '0123456789abcdef')")]
    [InlineData("SELECT df._worker_register('h', 1, '1')")]
    [InlineData("DEALLOCATE ALL")]
    [InlineData("LOAD 'plpgsql'")]
    [InlineData("COMMIT")]
    public async Task Step_OfASuperuser_CannotReachTheWorkersSession(string statement)
    {
        await using var session = await WorkerSession.OpenAsync(fixture.Cluster);
        await Assert.ThrowsAsync<PostgresException>(() => session.StepAsync("root", statement));
        await session.AssertUntouchedAsync();
        // A superuser can leave anything in a session, so it serves nobody else afterwards.
        Assert.Equal("root", await session.StepAsync("root", "SELECT session_user"));
        var error = await Assert.ThrowsAsync<PostgresException>(() => session.StepAsync("bob", "SELECT 1"));
        Assert.Equal("DF030", error.SqlState);
    }

    [Fact]
    public async Task Step_OfASuperuser_CannotSealWithoutAToken()
    {
        await using var session = await WorkerSession.OpenAsync(fixture.Cluster);
        Assert.Equal(false, await session.StepAsync("root", "SELECT checkpoint.seal('0123456789abcdef')"));
        await session.AssertUntouchedAsync();
    }

    public sealed class Fixture : IAsyncLifetime
    {
        public PgCluster Cluster { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Cluster = await PgCluster.StartAsync(
                new() { Settings = new Dictionary<string, string> { ["pg_durable.enable_superuser_instances"] = "on" } });
            await Cluster.ExecuteAsync(
                """
                CREATE EXTENSION pg_durable;
                CREATE ROLE alice; CREATE ROLE bob; CREATE ROLE root SUPERUSER;
                CREATE SCHEMA checkpoint;
                GRANT USAGE ON SCHEMA checkpoint TO PUBLIC;
                CREATE FUNCTION checkpoint.seal(p_token bytea) RETURNS boolean
                    LANGUAGE c STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp
                    AS 'pg_durable', 'pg_durable_seal';
                """);
        }

        public async Task DisposeAsync() => await Cluster.DisposeAsync();
    }
}
