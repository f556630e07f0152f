using System.Text.Json;
using Npgsql;

namespace PgDurable.Testing.Tests.Conformance;

/// <summary>
/// The activities of scenarios: <c>echo</c> returns its input, <c>fail</c> fails as its input says, <c>third</c> fails until its third
/// attempt, and nobody claims <c>never</c>.
/// </summary>
static class Activities
{
    static readonly string[] Names = ["echo", "fail", "third"];

    public static void Answer(WorkflowTest<JsonElement> test, string graphJson)
    {
        foreach (var name in Names.Where(IsUsed))
            test.Answer(name, (input, step) => Run(name, input, step.ActivityContext!.Attempt));
        if (IsUsed("never"))
            test.Answer("never", _ => null).Takes("never", TimeSpan.FromDays(1000));
        bool IsUsed(string name) => graphJson.Contains($"\\\"activity\\\":\\\"{name}\\\"", StringComparison.Ordinal);
    }

    /// <summary>Claims and ends tasks on a server until it is cancelled.</summary>
    public static async Task RunAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await ExecuteAsync(connection, "LISTEN df_task", ct);
        while (true)
        {
            if (await RunSomeAsync(connection, ct))
                continue;
            await ExecuteAsync(connection, "SELECT df.watch_tasks($1)", ct, [Names]);
            if (!await RunSomeAsync(connection, ct))
                await connection.WaitAsync(TimeSpan.FromSeconds(1), ct);
        }
    }

    static async Task<bool> RunSomeAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var claimed = new List<(long Task, Guid Token, string Name, string Input, int Attempt)>();
        await using (var claim = Command(
            connection, "SELECT task, token, name, input::text, attempt FROM df.claim_tasks($1, 100)", [Names]))
        await using (var reader = await claim.ExecuteReaderAsync(ct))
        {
            while (await reader.ReadAsync(ct))
                claimed.Add((
                    reader.GetInt64(0), reader.GetGuid(1), reader.GetString(2), reader.GetString(3), reader.GetInt32(4)));
        }
        foreach (var (task, token, name, input, attempt) in claimed)
            await EndAsync(connection, task, token, () => Run(name, WorkflowTest.ReadJson(input), attempt), ct);
        return claimed.Count > 0;
    }

    // The instance may have ended in the meantime, as with another branch that failed.
    static async Task EndAsync(NpgsqlConnection connection, long task, Guid token, Func<JsonElement> run, CancellationToken ct)
    {
        try
        {
            try
            {
                await ExecuteAsync(connection, "SELECT df.complete_task($1, $2, $3::text::json)", ct, task, token, run().GetRawText());
            }
            catch (ActivityException e)
            {
                await ExecuteAsync(
                    connection, "SELECT df.fail_task($1, $2, $3, $4, $5)", ct, task, token, e.Message, e.SqlState, e.IsRetryable);
            }
        }
        catch (PostgresException e) when (e.SqlState == DurableErrorCodes.TaskLost)
        {
        }
    }

    static JsonElement Run(string name, JsonElement input, int attempt) => name switch
    {
        "echo" => input,
        "third" => attempt == 3 ? input : throw new ActivityException($"attempt {attempt}"),
        _ => throw new ActivityException(
            input.GetProperty("message").ToString(), input.GetProperty("sqlstate").GetString()!,
            input.GetProperty("retryable").GetBoolean()),
    };

    static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct, params object[] parameters)
    {
        await using var command = Command(connection, sql, parameters);
        await command.ExecuteNonQueryAsync(ct);
    }

    static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params object[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
            command.Parameters.Add(new() { Value = parameter });
        return command;
    }
}
