using Npgsql;

namespace PgDurable.Extension.Tests.Sandbox;

/// <summary>Tokens, and what a transaction needs to commit.</summary>
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
    public async Task Seal_WrongToken_IsFalseAndCommitStaysForbidden()
    {
        await using var session = await WorkerSession.OpenAsync(fixture.Cluster);
        var guess = session.Tokens.Of(1_000);
        guess[^1] ^= 1;
        byte[][] wrongs = [guess, session.Tokens.Secret, session.Tokens.Of(1_000)[..16], [], [.. session.Tokens.Of(1_000), 0]];
        foreach (var wrong in wrongs)
        {
            await session.BeginAsync("alice");
            Assert.Equal(false, await session.ScalarAsync("SELECT checkpoint.seal($1)", wrong));
            await Assert.ThrowsAsync<PostgresException>(() => session.ScalarAsync("COMMIT"));
            await session.RollbackAsync();
        }
        await session.AssertUntouchedAsync();
    }

    [Fact]
    public async Task Seal_TokenThatWasUsed_IsFalse()
    {
        await using var session = await WorkerSession.OpenAsync(fixture.Cluster);
        await session.BeginAsync("alice");
        var used = session.Tokens.Next();
        Assert.Equal(true, await session.ScalarAsync("SELECT checkpoint.seal($1)", used));
        Assert.Equal(false, await session.ScalarAsync("SELECT checkpoint.seal($1)", used));
        await session.RollbackAsync();

        await session.BeginAsync("bob");
        Assert.Equal(false, await session.ScalarAsync("SELECT checkpoint.seal($1)", used));
        Assert.Equal(false, await session.ScalarAsync("SELECT checkpoint.seal($1)", session.Tokens.Of(1)));
        await Assert.ThrowsAsync<PostgresException>(() => session.ScalarAsync("COMMIT"));
        await session.RollbackAsync();
        await session.AssertUntouchedAsync();
    }

    [Fact]
    public async Task Enter_TokenThatWasUsed_IsRefused()
    {
        await using var session = await WorkerSession.OpenAsync(fixture.Cluster);
        await session.StepAsync("alice", "SELECT 1");
        foreach (var number in (ulong[])[1, 2])
        {
            await session.ScalarAsync("BEGIN");
            var error = await Assert.ThrowsAsync<PostgresException>(
                () => session.ScalarAsync("SELECT df._enter('bob'::pg_catalog.regrole, $1)", session.Tokens.Of(number)));
            Assert.Equal("42501", error.SqlState);
            await session.RollbackAsync();
        }
        await session.AssertUntouchedAsync();
    }

    [Fact]
    public async Task Seal_OutsideOfAStep_IsFalse()
    {
        await using var session = await WorkerSession.OpenAsync(fixture.Cluster);
        Assert.Equal(false, await session.ScalarAsync("SELECT checkpoint.seal($1)", session.Tokens.Next()));
        await session.StepAsync("alice", "SELECT 1");
        Assert.Equal(false, await session.ScalarAsync("SELECT checkpoint.seal($1)", session.Tokens.Next()));
        await session.ScalarAsync("BEGIN");
        Assert.Equal(false, await session.ScalarAsync("SELECT checkpoint.seal($1)", session.Tokens.Next()));
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
    public async Task Seal_TokenOfAnotherConnection_IsFalse()
    {
        await using var one = await WorkerSession.OpenAsync(fixture.Cluster);
        await using var other = await WorkerSession.OpenAsync(fixture.Cluster);
        await one.BeginAsync("alice");
        Assert.Equal(false, await one.ScalarAsync("SELECT checkpoint.seal($1)", other.Tokens.Of(1_000)));
        await Assert.ThrowsAsync<PostgresException>(() => one.ScalarAsync("COMMIT"));
        await one.RollbackAsync();
    }

    // No matter what a step makes the server log: the secret is sent only at the session's start, and logged tokens are already used.
    [Fact]
    public async Task Secret_StepThatLogsAllItCan_IsNotInTheLog()
    {
        await fixture.Cluster.ExecuteAsync(
            "ALTER ROLE alice SET log_statement = 'all'; ALTER ROLE alice SET log_parameter_max_length = -1");
        await using var session = await WorkerSession.OpenAsync(fixture.Cluster);
        await session.StepAsync("alice", "SET log_parameter_max_length_on_error = -1", "SET debug_print_parse = on",
            "SET debug_print_rewritten = on", "SET debug_print_plan = on",
            "SET client_min_messages = debug5", "SELECT 1");
        await session.BeginAsync("alice", "SET log_parameter_max_length_on_error = -1", "SET debug_print_plan = on");
        var error = await Assert.ThrowsAsync<PostgresException>(() => session.SealAndCommitAsync("checkpoint.fail"));
        await fixture.Cluster.ExecuteAsync("ALTER ROLE alice RESET ALL");

        Assert.Equal("no checkpoint", error.MessageText);
        var log = await fixture.Cluster.LogAsync();
        Assert.Contains("checkpoint.seal", log, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToHexStringLower(session.Tokens.Secret)[..16], log + error, StringComparison.OrdinalIgnoreCase);
        await session.AssertUntouchedAsync();
    }

    [Fact]
    public async Task Secret_SettingIsRead_IsNotShown()
    {
        await using var session = await WorkerSession.OpenAsync(fixture.Cluster);
        foreach (var read in (string[])["SHOW pg_durable.session", "SELECT pg_catalog.current_setting('pg_durable.session')",
                     "SELECT setting || coalesce(reset_val, '') || coalesce(boot_val, '') FROM pg_catalog.pg_settings "
                         + "WHERE name = 'pg_durable.session'"])
            Assert.DoesNotContain(Convert.ToHexStringLower(session.Tokens.Secret)[..16], $"{await session.StepAsync("alice", read)}",
                StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rollback_ByTheDriver_IsAllowedAtAnyTime()
    {
        await using var session = await WorkerSession.OpenAsync(fixture.Cluster);
        await using (await session.Connection.BeginTransactionAsync())
            await session.ScalarAsync("SELECT df._enter('alice'::pg_catalog.regrole, $1)", session.Tokens.Next());
        await session.AssertUntouchedAsync();
    }

    // _T_ is a token.
    [Theory]
    [InlineData("25P01", "SELECT df._enter('alice'::regrole, _T_)")]
    [InlineData("25P01", "BEGIN; SAVEPOINT s; SELECT df._enter('alice'::regrole, _T_)")]
    [InlineData("25P01", "BEGIN; DO $$ BEGIN PERFORM df._enter('alice'::regrole, _T_); EXCEPTION WHEN division_by_zero THEN NULL; END $$")]
    [InlineData("55000", "BEGIN; CREATE FUNCTION pg_temp.f() RETURNS void LANGUAGE sql SET work_mem = '1MB' AS $$ "
        + "SELECT df._enter('alice'::regrole, _T_) $$; SELECT pg_temp.f()")]
    [InlineData("42501", "BEGIN; SELECT df._enter('alice'::regrole, _T_); SELECT df._enter('bob'::regrole, _T_)")]
    [InlineData("42501", "BEGIN; SELECT df._enter('alice'::regrole, '')")]
    [InlineData("55000", "SET client_encoding = 'LATIN1'; BEGIN; SELECT df._enter('alice'::regrole, _T_)")]
    public async Task Enter_InTheWrongPlace_IsRefused(string sqlState, string statements)
    {
        await using var session = await WorkerSession.OpenAsync(fixture.Cluster);
        var error = await Assert.ThrowsAsync<PostgresException>(async () =>
        {
            var split = statements.Split("; ").Aggregate(new List<string> { "" }, Join);
            foreach (var statement in split.Where(statement => statement.Length > 0))
                await session.ScalarAsync(
                    statement.Replace("_T_", $"'\\x{Convert.ToHexStringLower(session.Tokens.Next())}'", StringComparison.Ordinal));
        });
        Assert.True(error.SqlState == sqlState, $"{error.SqlState} {error.MessageText}");
        await session.ScalarAsync("ROLLBACK");
        await session.ScalarAsync("SET client_encoding = 'UTF8'");
        await session.AssertUntouchedAsync();

        // Text between dollar quotes is one statement.
        static List<string> Join(List<string> done, string next)
        {
            if (done[^1].Split("$$").Length % 2 == 0)
                done[^1] += "; " + next;
            else
                done.Add(next);
            return done;
        }
    }

    [Fact]
    public async Task Enter_OfOrdinarySessions_IsRefused()
    {
        await using var connection = await fixture.Cluster.ConnectAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand("SELECT df._enter('alice'::regrole, '')", connection, transaction);
        var error = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteScalarAsync());
        Assert.Equal("55000", error.SqlState);
    }
}
