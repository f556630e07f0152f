using System.Text;
using System.Text.Json;
using Npgsql;

namespace PgDurable.Worker.Tests.Differential;

/// <summary>
/// PostgreSQL says what is right: what it does with a statement directly, a step does too, once and as often as it comes; and a value that
/// one step returns is the same value for the next. The statements and values are in the text files beside this one.
/// </summary>
[Collection(OneConnection.Name)]
public sealed class DifferentialTests(OneConnection fixture)
{
    // More than it takes to be prepared, and then to be given a plan for all values.
    private const int Often = 12;

    [Fact]
    public async Task Values_PassedOn_AreTheSame()
    {
        var user = await UserAsync();
        // Several together, because each takes many steps.
        await CompareAsync(
            user, Lines("Values.txt").Chunk(8).Select(some => string.Join('\n', some)),
            lines => StartPassingOnAsync(user, lines.Split('\n')),
            (_, end) => Task.FromResult(end.Error ?? Differences(end.Result)));
    }

    private async Task<TestUser> UserAsync()
    {
        var user = await fixture.UserAsync();
        await user.ExecuteAsync(
            await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Path, "tests", "PgDurable.Worker.Tests", "Differential", "Setup.sql")));
        return user;
    }

    /// <summary>One row of the values; then all ways to refer to them, with the numbers of those that were not the same.</summary>
    private static async Task<string> StartPassingOnAsync(TestUser user, string[] expressions)
    {
        // record_image_eq compares the types and the bytes.
        string Different(string reference) => string.Join(
            ", ", expressions.Select((expression, i) => $"NOT record_image_eq(ROW({reference}{i}), ROW({expression})) AS \"{i}\""));
        var values = string.Join(", ", expressions.Select((expression, i) => $"{expression} AS v{i}"));
        return await user.StartGraphAsync(
            $"""
             ({TestUser.Literal($"SELECT {values}")} |=> 'a') ~> ('SELECT g FROM generate_series(1, {Often}) g' |=> 'n')
               ~> df.join3({TestUser.Literal($"SELECT {Different("a.v")} FROM $a.*")},
                           df.foreach('a', {TestUser.Literal($"SELECT {Different("$item.v")}")}),
                           df.foreach('n', {TestUser.Literal($"SELECT {Different("$a.v")}")}, max_parallel => 1))
             """);
    }

    private static string? Differences(JsonElement result)
    {
        var different = result.EnumerateArray()
            .SelectMany(branch => branch.ValueKind == JsonValueKind.Array ? branch.EnumerateArray().ToArray() : [branch])
            .SelectMany(step => step.GetProperty("rows")[0].EnumerateObject())
            .Where(column => column.Value.ValueKind != JsonValueKind.False)
            .Select(column => column.Name)
            .ToHashSet();
        return different.Count == 0 ? null : $"not the same: {string.Join(", ", different.Order())}";
    }

    [Fact]
    public async Task Statements_AsSteps_DoTheSame()
    {
        var user = await UserAsync();
        await CompareAsync(
            user, Lines("Statements.txt"),
            statement => StartOftenAsync(user, statement, null),
            (statement, end) => ExpectAsync(user, statement, end));
    }

    [Fact]
    public async Task Literals_AsReferences_DoTheSame()
    {
        var user = await UserAsync();
        await CompareAsync(
            user, Lines("Places.txt"),
            line => StartOftenAsync(
                user, Parts(line).Statement.Replace("$v", "$input.v", StringComparison.Ordinal), $$"""{"v":{{Parts(line).Json}}}"""),
            (line, end) => ExpectAsync(
                user, Parts(line).Statement.Replace("$v", Literal(Parts(line).Json), StringComparison.Ordinal), end));
    }

    private static (string Json, string Statement) Parts(string line) =>
        (line[..line.IndexOf(" | ", StringComparison.Ordinal)], line[(line.IndexOf(" | ", StringComparison.Ordinal) + 3)..]);

    private static string Literal(string json) => json[0] switch
    {
        '"' => TestUser.Literal(JsonElement.Parse(json).GetString()!),
        '-' => $"({json})",
        _ => json,
    };

    private static IEnumerable<string> Lines(string file) =>
        File.ReadLines(Path.Combine(RepositoryRoot.Path, "tests", "PgDurable.Worker.Tests", "Differential", file))
            .Where(line => line.Length > 0 && line[0] != '#');

    /// <summary>Starts all, and then looks at the end of each.</summary>
    private static async Task CompareAsync(
        TestUser user, IEnumerable<string> lines, Func<string, Task<string>> start, Func<string, End, Task<string?>> check)
    {
        var started = new List<(string Line, string Id)>();
        foreach (var line in lines)
            started.Add((line, await start(line)));
        var differences = new StringBuilder();
        foreach (var (line, id) in started)
        {
            var status = await user.ScalarAsync<string>("SELECT df.await_instance($1, 60)", id);
            var end = status == "completed"
                ? new End(JsonElement.Parse(await user.Cluster.ScalarAsync<string>(
                    $"SELECT o.result::text FROM df.outcomes o JOIN df.submissions s USING (instance_no) WHERE s.id = '{id}'")), null)
                : new End(default, await user.ScalarAsync<string>("SELECT df.error($1)", id));
            if (await check(line, end) is { } difference)
                differences.AppendLine(line).Append("    ").AppendLine(difference);
        }
        Assert.True(differences.Length == 0, differences.ToString());
    }

    private static async Task<string> StartOftenAsync(TestUser user, string statement, string? input)
    {
        await using var command = new NpgsqlCommand(
            $"SELECT df.start_graph(('SELECT g FROM generate_series(1, {Often}) g' |=> 'n') ~> df.foreach('n', $1, max_parallel => 1), "
                + "input => $2::jsonb)", user.Connection);
        command.Parameters.Add(new() { Value = statement });
        command.Parameters.Add(new() { Value = (object?)input ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        return (string)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>What is not as it is directly; null when there is no difference.</summary>
    private static async Task<string?> ExpectAsync(TestUser user, string statement, End end)
    {
        var (rows, error) = await DirectlyAsync(user, statement);
        if (error is not null || end.Error is not null)
        {
            var seen = end.Error is null ? $"no error but {end.Result}" : Describe(JsonElement.Parse(end.Error));
            var expected = error is null ? "no error" : $"{error.SqlState} {error.MessageText}";
            return seen == expected ? null : $"{seen}\n    instead of {expected}";
        }
        foreach (var result in end.Result.EnumerateArray())
        {
            var seen = string.Join(
                '\n', result.GetProperty("rows").EnumerateArray().Select(row => string.Join('|', row.EnumerateObject().Select(Text))));
            if (seen != rows)
                return $"{seen}\n    instead of {rows}";
        }
        return end.Result.GetArrayLength() == Often ? null : "not run often enough";
    }

    private static string Describe(JsonElement error) =>
        $"{error.GetProperty("sqlstate")} "
            + $"{error.GetProperty("message").GetString()!.Replace("FOREACH item 0 failed: ", "", StringComparison.Ordinal)}";

    private static string Text(JsonProperty column) => column.Value.ValueKind switch
    {
        JsonValueKind.Null => "␀",
        JsonValueKind.True => "t",
        JsonValueKind.False => "f",
        JsonValueKind.String => column.Value.GetString()!,
        _ => column.Value.GetRawText(),
    };

    /// <summary>The rows as the server writes them; arrays as JSON, because results have them so.</summary>
    private static async Task<(string Rows, PostgresException? Error)> DirectlyAsync(TestUser user, string statement)
    {
        // A connection of its own: the driver closes it after some of the errors.
        await using var connection = await user.ConnectAsync();
        await ExecuteAsync(connection, $"SET search_path = {user.Schema}, public; SET TimeZone = 'UTC'; SET DateStyle = 'ISO, MDY'; "
            + "SET df.in_workflow = 'true'; BEGIN");
        try
        {
            await using var command = new NpgsqlCommand(statement, connection) { AllResultTypesAreUnknown = true };
            var rows = new List<string>();
            await using (var reader = await command.ExecuteReaderAsync())
            {
                while (await reader.ReadAsync())
                {
                    rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i =>
                        reader.IsDBNull(i) || reader.GetDataTypeName(i) == "void" ? "␀"
                        : IsArray(reader, i) ? ArrayJson(reader.GetString(i))
                        : reader.GetString(i))));
                }
            }
            await ExecuteAsync(connection, "ROLLBACK");
            return (string.Join('\n', rows), null);
        }
        catch (PostgresException e)
        {
            return ("", e);
        }
    }

    private static bool IsArray(NpgsqlDataReader reader, int column) =>
        reader.GetDataTypeName(column).EndsWith("[]", StringComparison.Ordinal);

    // Good for the numbers in the statements.
    private static string ArrayJson(string array) =>
        array[(array.IndexOf('=') + 1)..].Replace('{', '[').Replace('}', ']').Replace("NULL", "null", StringComparison.Ordinal);

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private sealed record End(JsonElement Result, string? Error);

}
