using Npgsql;
using PgDurable.TestKit;

namespace PgDurable.Extension.Tests.Store;

/// <summary>A worker as the database sees it, played by a test.</summary>
public sealed class TestWorker : TestSession
{
    public const string WaitsForGo = """[{"node":0,"path":"","kind":"SIGNAL","name":"go"}]""";

    TestWorker(NpgsqlConnection connection) : base(connection)
    {
    }

    public int Id { get; private set; }

    public static async Task<TestWorker> RegisterAsync(PgCluster cluster, string? database = null, string? user = null)
    {
        var worker = new TestWorker(await cluster.ConnectAsync(database, user));
        worker.Id = await worker.ScalarAsync<int>("SELECT df._worker_register('test', 1, '0')");
        return worker;
    }

    /// <summary>The claimed instances, and held ones that have news.</summary>
    public Task<List<Claim>> ClaimAsync(int limit = 100) => QueryAsync(
        "SELECT instance_no, held, paused, retried, resumed FROM df._worker_claim($1, $2, NULL)",
        row => new Claim(row.GetInt64(0), row.GetBoolean(1), row.GetBoolean(2), row.GetBoolean(3), row.GetBoolean(4)), Id, limit);

    /// <summary>Claims the only instance that is due.</summary>
    public async Task<Claim> ClaimOneAsync() => Assert.Single(await ClaimAsync());

    /// <summary>Parks an instance. Returns nothing if that succeeded.</summary>
    public Task<List<long>> ParkAsync(long instance, string waits = WaitsForGo, string due = "infinity") => ColumnAsync<long>(
        "SELECT * FROM df._worker_park($1, ARRAY[$2], ARRAY[$3::timestamptz], json_build_array($4::json))", Id, instance, due, waits);

    /// <summary>Records. Returns nothing if everything was recorded.</summary>
    public Task<List<long>> RecordAsync(params string[] records) =>
        ColumnAsync<long>("SELECT * FROM df._worker_record($1, $2::json)", Id, $"[{string.Join(',', records)}]");

    /// <summary>A record of one checkpoint.</summary>
    public static string Record(
        long instance, int node, string path = "", int seq = 0, string result = "1", string error = "null", string more = "") =>
        $$"""
          {"instance":{{instance}},"checkpoints":[{"node":{{node}},"path":"{{path}}","seq":{{seq}},"attempt":1,
           "started_at":"2026-01-02T03:04:05Z","finished_at":"2026-01-02T03:04:06Z",
           "result":{{result}},"columns":null,"error":{{error}} }]{{more}} }
          """;

    /// <summary>Ends an instance.</summary>
    public async Task EndAsync(long instance, string status = "completed") => Assert.Empty(await RecordAsync(Record(
        instance, 0, result: status == "completed" ? "42" : "null", error: status == "completed" ? "null" : """{"message":"no"}""",
        more: status == "completed"
            ? ""","outcome":{"status":"completed","result":null,"node":0,"path":"","error":null}"""
            : ""","outcome":{"status":"failed","result":null,"node":0,"path":"","error":{"message":"no"}}""")));

    /// <summary>Starts the child of node 0.</summary>
    public Task<string?> StartChildAsync(long parent, string workflow = "child", string input = "null", string path = "") =>
        ScalarAsync<string>("SELECT df._worker_start_child($1, $2, 0, $5, $3, NULL, $4::json)", Id, parent, workflow, input, path);

    public Task<long> CountAsync(string table) => ScalarAsync<long>($"SELECT count(*) FROM df.{table}")!;
}

/// <summary>A row of df._worker_claim.</summary>
public sealed record Claim(long Instance, bool Held, bool Paused, bool Retried, bool Resumed);
