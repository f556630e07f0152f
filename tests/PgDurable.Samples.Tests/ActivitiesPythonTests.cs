using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Npgsql;
using NpgsqlTypes;
using PgDurable.TestKit;

namespace PgDurable.Samples.Tests;

/// <summary>The worker in Python of docs/activities.md.</summary>
public sealed partial class ActivitiesPythonTests(ActivitiesCluster cluster) : IClassFixture<ActivitiesCluster>
{
    private const string Input = """{"image":7,"width":640}""";

    private static readonly string Program = Page.Read("docs/activities.md").Code("python");

    [Fact]
    public async Task Worker_InPython_CompletesAndFailsTasks()
    {
        // The program needs psycopg, which isn't everywhere. The test of its SQL is.
        if (!await HasPsycopgAsync())
            return;
        var said = new ConcurrentQueue<string>();
        using var worker = Python(said, "-c", Program);
        try
        {
            var good = await StartAsync(Input);
            var bad = await StartAsync("""{"image": 8}""");
            Assert.Equal("completed", await EndAsync(good, said));
            Assert.Equal("failed", await EndAsync(bad, said));
            Assert.Equal("640", await cluster.Server.ScalarAsync<string>("SELECT string_agg(width::text, ' ') FROM thumbnails"));
            Assert.Contains("'width'", await cluster.Server.ScalarAsync<string>($"SELECT df.error('{bad}')::json ->> 'message'"));
        }
        finally
        {
            worker.Kill();
            await worker.WaitForExitAsync();
            await cluster.Server.ExecuteAsync("TRUNCATE thumbnails");
        }
    }

    [Fact]
    public async Task Statements_OfTheWorker_DoWhatThePageSays()
    {
        var statements = Sql().Matches(Program).Select(match => match.Groups[1].Value).ToList();
        await using var connection = await cluster.Server.ConnectAsync(user: ActivitiesCluster.Role);
        await ExecuteAsync(connection, Statement("LISTEN "));
        await ExecuteAsync(connection, Statement("df.watch_tasks"), Names);
        var told = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.Notification += (_, notification) => told.TrySetResult(notification.Payload);

        var good = await StartAsync(Input);
        while (!told.Task.IsCompleted)
            await connection.WaitAsync(new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token);
        Assert.Equal("resize-image", await told.Task);
        var (task, token) = await ClaimAsync(connection, Statement("df.claim_tasks"));
        await ExecuteAsync(connection, Statement("df.extend_task"), task, token);
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await ExecuteAsync(connection, Statement("INSERT INTO thumbnails"), 7, 640);
            await ExecuteAsync(connection, Statement("df.complete_task"), task, token, """{"bytes": 64000}""");
            await transaction.CommitAsync();
        }

        Assert.Equal("completed", await EndAsync(good));
        Assert.Equal(1L, await cluster.Server.ScalarAsync<long>("SELECT count(*) FROM thumbnails"));
        var lost = await Assert.ThrowsAsync<PostgresException>(
            () => ExecuteAsync(connection, Statement("df.complete_task"), task, token, "{}"));
        Assert.Equal("DF021", lost.SqlState);
        Assert.Contains($"!= \"{lost.SqlState}\"", Program);

        var bad = await StartAsync(Input);
        await cluster.TaskAsync();
        (task, token) = await ClaimAsync(connection, Statement("df.claim_tasks"));
        await ExecuteAsync(connection, Statement("df.fail_task"), task, token, "no such image");
        Assert.Equal("failed", await EndAsync(bad));
        await cluster.Server.ExecuteAsync("TRUNCATE thumbnails");

        string Statement(string what) => Assert.Single(statements, each => each.Contains(what, StringComparison.Ordinal));
    }

    private static NpgsqlParameter Names => new() { Value = (string[])["resize-image"] };

    private static async Task<(long Task, Guid Token)> ClaimAsync(NpgsqlConnection connection, string statement)
    {
        await using var command = Command(connection, statement, Names);
        await using var reader = await command.ExecuteReaderAsync();
        Assert.True(await reader.ReadAsync());
        Assert.Equal(Input, reader.GetString(3));
        return (reader.GetInt64(0), reader.GetGuid(1));
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string statement, params object[] values)
    {
        await using var command = Command(connection, statement, values);
        await command.ExecuteNonQueryAsync();
    }

    // As psycopg does: a text has no type of its own.
    private static NpgsqlCommand Command(NpgsqlConnection connection, string statement, params object[] values)
    {
        var number = 0;
        var command = new NpgsqlCommand(Placeholder().Replace(statement, _ => $"${++number}"), connection);
        foreach (var value in values)
        {
            command.Parameters.Add(value switch
            {
                NpgsqlParameter parameter => parameter,
                string => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Unknown },
                _ => new() { Value = value },
            });
        }

        return command;
    }

    private async Task<string> StartAsync(string input) => await cluster.Server.ScalarAsync<string>(
        $"SET ROLE {ActivitiesCluster.Role}; SELECT df.start(df.activity('resize-image', '{input}'))");

    private async Task<string> EndAsync(string id, IEnumerable<string>? said = null)
    {
        try
        {
            return await Poll.UntilAsync("it has ended", async () =>
                await cluster.Server.ScalarAsync<string>($"SELECT df.status('{id}')") is var status and not ("pending" or "running")
                    ? status
                    : null);
        }
        catch (TimeoutException error)
        {
            throw new TimeoutException($"{error.Message} The worker said: {string.Join('\n', said ?? [])}", error);
        }
    }

    private Process Python(ConcurrentQueue<string> said, params string[] arguments)
    {
        var start = new ProcessStartInfo("python3", arguments) { RedirectStandardError = true };
        foreach (var (name, value) in cluster.Environment)
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, line) => said.Enqueue(line.Data ?? "");
        process.BeginErrorReadLine();
        return process;
    }

    private async Task<bool> HasPsycopgAsync()
    {
        try
        {
            using var process = Python([], "-c", "import psycopg");
            await process.WaitForExitAsync();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    [GeneratedRegex("execute\\(\"([^\"]+)\"")]
    private static partial Regex Sql();

    [GeneratedRegex("%s")]
    private static partial Regex Placeholder();
}
