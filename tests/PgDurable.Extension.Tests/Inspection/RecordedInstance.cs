using System.Globalization;

namespace PgDurable.Extension.Tests.Inspection;

/// <summary>An instance whose checkpoints a test writes, in the order in which a worker would write them.</summary>
public sealed class RecordedInstance
{
    const string Row = """{"rows":[{"x":1}],"row_count":1,"rows_affected":1}""";

    readonly InspectionFixture _fixture;
    readonly string _role;
    int _seq;

    RecordedInstance(InspectionFixture fixture, string role, string id, long number)
    {
        _fixture = fixture;
        _role = role;
        Id = id;
        Number = number;
    }

    public string Id { get; }

    public long Number { get; }

    /// <summary>Starts the graph of a SQL expression. Unless it should stay pending, a worker has claimed it.</summary>
    public static async Task<RecordedInstance> StartAsync(
        InspectionFixture fixture, string expression, string role = "carol", bool pending = false, string? label = null,
            string? input = null)
    {
        var id = await fixture.TextAsync(role, $"SELECT df.start_graph({expression}, label => $1, input => $2::jsonb)", label, input);
        var instance = new RecordedInstance(
            fixture, role, id, await fixture.Cluster.ScalarAsync<long>($"SELECT instance_no FROM df.submissions WHERE id = '{id}'"));
        if (!pending)
            await instance.SuperuserAsync("UPDATE df.queue SET started_at = clock_timestamp(), worker_id = 7 WHERE instance_no = @no");
        return instance;
    }

    /// <summary>
    /// Records checkpoints: <c>2</c> means that node 2 completed with one row; <c>2=json</c> with this result; <c>2!message</c> that it
    /// failed; <c>2!!message</c> that the failure is fatal; <c>2@3:1=json</c> gives the path.
    /// </summary>
    public async Task<RecordedInstance> RecordAsync(params string[] words)
    {
        foreach (var word in words)
        {
            var failed = word.Split('!', 2);
            var done = failed[0].Split('=', 2);
            var place = done[0].Split('@', 2);
            var error = failed.Length > 1 ? Error(failed[1], place[0]) : null;
            await SuperuserAsync(
                $"""
                 INSERT INTO df.checkpoints (instance_no, started_at, node, attempt, worker_id, seq, path, result, error)
                 VALUES (@no, clock_timestamp(), {place[0]}, 1, 7, {++_seq}, '{place.ElementAtOrDefault(1) ?? ""}',
                         {Literal(error is null ? done.ElementAtOrDefault(1) ?? Row : null)}, {Literal(error)})
                 """);
        }
        return this;
    }

    /// <summary>Carries an iteration of a loop over, which removes its rows.</summary>
    public async Task<RecordedInstance> CarryAsync(int loop, int last, string path, string state = """{"result":1,"names":{},"undos":[]}""")
    {
        await RecordAsync($"{loop}@{path}={state}");
        await SuperuserAsync(
            $"DELETE FROM df.checkpoints WHERE instance_no = @no AND node BETWEEN {loop + 1} AND {last} " +
            $"AND (path = '{path}' OR path LIKE '{path}/%')");
        return this;
    }

    public Task<RecordedInstance> CompleteAsync(int? node = null, string path = "", string? result = null) => EndAsync("completed", node,
        path, result, null);

    public Task<RecordedInstance> FailAsync(string message = "it broke") => EndAsync("failed", null, null, null, Error(message, null));

    public async Task<RecordedInstance> CancelAsync(string reason = "enough")
    {
        await _fixture.TextAsync(_role, "SELECT df.cancel($1, $2)", Id, reason);
        return this;
    }

    /// <summary>All nodes in order: the status, and the ancestor that caused it.</summary>
    public async Task<string> StatesAsync() => await TextAsync(
        """
        SELECT string_agg(concat(inferred_status, '<' || ('x' || inferred_status_from_ancestor_id)::bit(32)::integer), ' ' ORDER BY id)
          FROM df.nodes WHERE instance_id = $1
        """);

    public Task<string> NodeAsync(string column, int node) =>
        TextAsync($"SELECT {column}::text FROM df.nodes WHERE instance_id = $1 AND id = '{node:x8}'");

    /// <summary>One value, as the instance's role sees it; $1 is the instance's id.</summary>
    public Task<string> TextAsync(string sql) => _fixture.TextAsync(_role, sql, Id);

    public Task<List<string>> ListAsync(string sql) => _fixture.ListAsync(_role, sql, Id);

    /// <summary>Runs as the superuser; @no is the instance's number.</summary>
    public Task SuperuserAsync(string sql) =>
        _fixture.Cluster.ExecuteAsync(sql.Replace("@no", Number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));

    async Task<RecordedInstance> EndAsync(string status, int? node, string? path, string? result, string? error)
    {
        await SuperuserAsync(
            $"""
             WITH ended AS (DELETE FROM df.queue WHERE instance_no = @no RETURNING instance_no, started_at)
             INSERT INTO df.outcomes (instance_no, started_at, status, result_node, result_path, result, error)
             SELECT instance_no, started_at, '{status}', {(node is null ? "NULL" : node)}, {Literal(node is null ? null : path)},
                    {Literal(result)}, {Literal(error)}
               FROM ended
             """);
        return this;
    }

    static string Error(string message, string? node)
    {
        var place = node is null ? "" :
            $",\"node\":\"{int.Parse(node, CultureInfo.InvariantCulture):x8}\",\"step\":\"s\",\"attempt\":1,\"sql\":\"SELECT 1/0\"";
        var fatal = message.StartsWith('!') ? ",\"fatal\":true" : "";
        return $$"""{"message":"{{message.TrimStart('!')}}","sqlstate":"22012","hint":"try again"{{place}}{{fatal}}}""";
    }

    static string Literal(string? text) => text is null ? "NULL" : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
