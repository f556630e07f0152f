using Npgsql;

namespace PgDurable.Extension.Tests.Sandbox;

/// <summary>The secret, and what a transaction needs to commit.</summary>
[Collection(SandboxCollection.Name)]
public sealed class SealTests(SandboxFixture fixture)
{
    [Fact]
    public async Task Commit_WithoutSeal_IsRefused()
    {
        await using var session = await WorkerSession.OpenAsync(fixture.Cluster);
        await session.BeginAsync("alice", "INSERT INTO public.trace (what, who) VALUES ('unsealed', current_user)");

        var error = await Assert.ThrowsAsync<PostgresException>(() => session.ScalarAsync("COMMIT"));

        Assert.Equal("0A000", error.SqlState);
        await session.RollbackAsync();
        Assert.Equal(0L, await session.ScalarAsync("SELECT count(*) FROM public.trace WHERE what = 'unsealed'"));
        await session.AssertUntouchedAsync();
    }

    [Fact]
    public async Task Seal_WrongSecret_IsFalseAndCommitStaysForbidden()
    {
        await using var session = await WorkerSession.OpenAsync(fixture.Cluster);
        var guess = session.Secret.ToArray();
        guess[^1] ^= 1;
        foreach (var wrong in (byte[][])[guess, session.Secret[..16], [], [.. session.Secret, 0]])
        {
            await session.BeginAsync("alice");
            Assert.Equal(false, await session.ScalarAsync("SELECT checkpoint.seal($1)", wrong));
            await Assert.ThrowsAsync<PostgresException>(() => session.ScalarAsync("COMMIT"));
            await session.RollbackAsync();
        }
        await session.AssertUntouchedAsync();
    }

    [Fact]
    public async Task Seal_OutsideOfAStep_IsFalse()
    {
        await using var session = await WorkerSession.OpenAsync(fixture.Cluster);
        Assert.Equal(false, await session.ScalarAsync("SELECT checkpoint.seal($1)", session.Secret));
        await session.StepAsync("alice", "SELECT 1");
        Assert.Equal(false, await session.ScalarAsync("SELECT checkpoint.seal($1)", session.Secret));
        await session.ScalarAsync("BEGIN");
        Assert.Equal(false, await session.ScalarAsync("SELECT checkpoint.seal($1)", session.Secret));
        await session.RollbackAsync();
    }

    [Fact]
    public async Task Seal_OfAnEarlierStep_DoesNotHoldForTheNext()
    {
        await using var session = await WorkerSession.OpenAsync(fixture.Cluster);
        await session.StepAsync("alice", "SELECT 1");
        await session.BeginAsync("alice");
        await Assert.ThrowsAsync<PostgresException>(() => session.ScalarAsync("COMMIT"));
        await session.RollbackAsync();
    }

    [Fact]
    public async Task Seal_SecretOfAnotherConnection_IsFalse()
    {
        await using var one = await WorkerSession.OpenAsync(fixture.Cluster);
        await using var other = await WorkerSession.OpenAsync(fixture.Cluster);
        await one.BeginAsync("alice");
        Assert.Equal(false, await one.ScalarAsync("SELECT checkpoint.seal($1)", other.Secret));
        await Assert.ThrowsAsync<PostgresException>(() => one.ScalarAsync("COMMIT"));
        await one.RollbackAsync();
    }

    [Fact]
    public async Task Seal_Fails_ErrorDoesNotShowTheSecret()
    {
        await using var session = await WorkerSession.OpenAsync(fixture.Cluster);
        await session.BeginAsync("alice", "DO $$ BEGIN SET log_parameter_max_length_on_error = -1; EXCEPTION WHEN OTHERS THEN NULL; END $$", "RESET ALL");

        var error = await Assert.ThrowsAsync<PostgresException>(() => session.SealAndCommitAsync("checkpoint.fail"));

        Assert.Equal("no checkpoint", error.MessageText);
        var secret = Convert.ToHexStringLower(session.Secret);
        Assert.DoesNotContain(secret[..16], error.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(secret[..16], await fixture.Cluster.LogAsync(), StringComparison.OrdinalIgnoreCase);
        await session.AssertUntouchedAsync();
    }

    [Fact]
    public async Task Rollback_ByTheDriver_IsAllowedAtAnyTime()
    {
        await using var session = await WorkerSession.OpenAsync(fixture.Cluster);
        await using (await session.Connection.BeginTransactionAsync())
            await session.ScalarAsync($"SELECT df._enter({await session.RoleOidAsync("alice")})");
        await session.AssertUntouchedAsync();
    }

    [Fact]
    public async Task OpenSession_SameSecretAgain_IsFine_AnotherIsRefused()
    {
        await using var session = await WorkerSession.OpenAsync(fixture.Cluster);
        await session.ScalarAsync("SELECT df._open_session($1)", session.Secret);
        var error = await Assert.ThrowsAsync<PostgresException>(() => session.ScalarAsync("SELECT df._open_session($1)", new byte[32]));
        Assert.Equal("55000", error.SqlState);
        Assert.Equal("1", (await session.StepAsync("alice", "SELECT 1"))!.ToString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(65)]
    public async Task OpenSession_SecretOfWrongLength_IsRefused(int length)
    {
        await using var connection = await fixture.Cluster.ConnectAsync();
        await using var command = new NpgsqlCommand("SELECT df._open_session($1)", connection) { Parameters = { new() { Value = new byte[length] } } };
        var error = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteScalarAsync());
        Assert.Equal("22023", error.SqlState);
    }

    [Theory]
    [InlineData("25P01", "SELECT df._enter('alice'::regrole)")]
    [InlineData("25P01", "BEGIN; SAVEPOINT s; SELECT df._enter('alice'::regrole)")]
    [InlineData("25P01", "BEGIN; DO $$ BEGIN PERFORM df._enter('alice'::regrole); EXCEPTION WHEN division_by_zero THEN NULL; END $$")]
    [InlineData("55000", "BEGIN; CREATE FUNCTION f() RETURNS void LANGUAGE sql SET work_mem = '1MB' AS 'SELECT df._enter(''alice''::regrole)'; SELECT f()")]
    [InlineData("42501", "BEGIN; CREATE FUNCTION f() RETURNS void LANGUAGE sql SECURITY DEFINER AS 'SELECT df._enter(''alice''::regrole)'; SELECT f()")]
    [InlineData("42501", "BEGIN; SET ROLE alice; SELECT df._enter('bob'::regrole)")]
    [InlineData("42501", "BEGIN; GRANT USAGE ON SCHEMA df TO alice; GRANT EXECUTE ON FUNCTION df._enter(oid) TO alice; SET ROLE alice; SELECT df._enter('bob'::regrole)")]
    [InlineData("42501", "BEGIN; GRANT USAGE ON SCHEMA df TO alice; GRANT EXECUTE ON FUNCTION df._open_session(bytea) TO alice; SET ROLE alice; SELECT df._open_session('0123456789abcdef')")]
    [InlineData("42501", "BEGIN; SELECT df._enter('alice'::regrole); SELECT df._enter('bob'::regrole)")]
    [InlineData("55000", "SET client_encoding = 'LATIN1'; BEGIN; SELECT df._enter('alice'::regrole)")]
    public async Task Enter_InTheWrongPlace_IsRefused(string sqlState, string statements)
    {
        await using var session = await WorkerSession.OpenAsync(fixture.Cluster);
        var error = await Assert.ThrowsAsync<PostgresException>(async () =>
        {
            foreach (var statement in statements.Contains("$$", StringComparison.Ordinal) ? statements.Split("; ", 2) : statements.Split("; "))
                await session.ScalarAsync(statement);
        });
        Assert.True(error.SqlState == sqlState, $"{error.SqlState} {error.MessageText}");
        await session.ScalarAsync("ROLLBACK");
        await session.ScalarAsync("SET client_encoding = 'UTF8'");
        await session.AssertUntouchedAsync();
    }

    [Fact]
    public async Task Enter_SessionNotOpened_IsRefused()
    {
        await using var connection = await fixture.Cluster.ConnectAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand("SELECT df._enter('alice'::regrole)", connection, transaction);
        var error = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteScalarAsync());
        Assert.Equal("55000", error.SqlState);
    }
}
