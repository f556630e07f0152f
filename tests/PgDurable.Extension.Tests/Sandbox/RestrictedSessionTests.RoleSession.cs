using Npgsql;

namespace PgDurable.Extension.Tests.Sandbox;

public sealed partial class RestrictedSessionTests
{
    [Fact]
    public async Task RoleSession_IsTheRoleAsAfterALogin_AndRunsOneStatement()
    {
        await fixture.Cluster.ExecuteAsync("ALTER ROLE alice SET work_mem = '3MB'; ALTER ROLE alice SET search_path = alice");
        try
        {
            await using var session = await OpenRoleAsync("alice");
            Assert.Equal("alice alice off 3MB alice", await ScalarAsync(session, "SELECT concat_ws(' ', session_user, current_user, "
                + "current_setting('is_superuser'), current_setting('work_mem'), current_setting('search_path'))"));
            Assert.Equal(NotSupported, (await Assert.ThrowsAsync<PostgresException>(() => ScalarAsync(session, "SELECT 1"))).SqlState);
        }
        finally
        {
            await fixture.Cluster.ExecuteAsync("ALTER ROLE alice RESET ALL");
        }
    }

    [Theory]
    [InlineData("RESET SESSION AUTHORIZATION")]
    [InlineData("SET SESSION AUTHORIZATION postgres")]
    [InlineData("SET ROLE postgres")]
    [InlineData("DISCARD ALL")]
    public async Task BlockSession_RunsSeveralStatements_AndStaysTheRole(string attack)
    {
        await using var session = await OpenRoleAsync("alice", kind: "block");
        foreach (var statement in new[] { "BEGIN", "SELECT 1", "COMMIT", attack })
        {
            try
            {
                await ScalarAsync(session, statement);
            }
            catch (PostgresException) when (statement == attack)
            {
                // refused
            }
        }
        Assert.Equal("alice alice off", await ScalarAsync(
            session, "SELECT concat_ws(' ', session_user, current_user, current_setting('is_superuser'))"));
        Assert.Equal(
            NoPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => ScalarAsync(session, "ALTER ROLE alice SUPERUSER"))).SqlState);
    }

    [Theory]
    [InlineData("RESET SESSION AUTHORIZATION")]
    [InlineData("SET SESSION AUTHORIZATION postgres")]
    [InlineData("SET ROLE postgres")]
    [InlineData("DISCARD ALL")]
    [InlineData("DO $$ BEGIN RESET SESSION AUTHORIZATION; ALTER ROLE alice SUPERUSER; END $$")]
    [InlineData("DO $$ BEGIN COMMIT; RESET SESSION AUTHORIZATION; COMMIT; ALTER ROLE alice SUPERUSER; END $$")]
    [InlineData("DO $$ BEGIN COMMIT; SET SESSION AUTHORIZATION postgres; COMMIT; ALTER ROLE alice SUPERUSER; END $$")]
    [InlineData("DO $$ BEGIN PERFORM set_config('session_authorization', 'postgres', false); COMMIT; ALTER ROLE alice SUPERUSER; END $$")]
    public async Task RoleSession_AttacksOfItsOneStatement_GainNothing(string statement)
    {
        await using (var session = await OpenRoleAsync("alice"))
        {
            try
            {
                await ScalarAsync(session, statement);
            }
            catch (PostgresException)
            {
                // refused
            }
            await Assert.ThrowsAsync<PostgresException>(() => ScalarAsync(session, "ALTER ROLE alice SUPERUSER"));
        }
        Assert.False(await fixture.Cluster.ScalarAsync<bool>("SELECT rolsuper FROM pg_roles WHERE rolname = 'alice'"));
    }

    // A client may send the following as separate statements or as one message. The server accepts neither.
    [Fact]
    public async Task RoleSession_SeveralStatementsInOneMessage_OnlyTheFirstRuns()
    {
        await using var session = await OpenRoleAsync("alice");
        var error = await Assert.ThrowsAsync<PostgresException>(() => ScalarAsync(session, "SELECT 1; SELECT 2"));
        Assert.Equal(NotSupported, error.SqlState);
    }

    [Fact]
    public async Task RoleSession_OfASuperuserOrNobody_DoesNotBegin()
    {
        Assert.Equal("DF011", (await Assert.ThrowsAsync<PostgresException>(() => OpenRoleAsync("postgres"))).SqlState);
        Assert.Equal("DF010", (await Assert.ThrowsAsync<PostgresException>(() =>
            fixture.Cluster.ConnectAsync(options: "-c pg_durable.session=role:4294967000"))).SqlState);
    }

    [Fact]
    public async Task RoleSession_DatabaseWithoutConnectPrivilege_DoesNotBegin()
    {
        await fixture.Cluster.ExecuteAsync("CREATE DATABASE closed");
        await fixture.Cluster.ExecuteAsync("REVOKE CONNECT ON DATABASE closed FROM PUBLIC");
        try
        {
            Assert.Equal(NoPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => OpenRoleAsync("alice", "closed"))).SqlState);
        }
        finally
        {
            await fixture.Cluster.ExecuteAsync("DROP DATABASE closed");
        }
    }
}
