using Npgsql;
using NpgsqlTypes;
using PgDurable.Worker.Store.Connections;

namespace PgDurable.Worker.Store;

/// <content>Claims: which instances this worker holds, and that it is alive.</content>
internal sealed partial class WorkerStore
{
    private const string Claim = """
        SELECT instance_no, id, graph_id, role_oid, role_name, superuser, resumed, input, label, vars, database, workflow, started_at, now,
               paused, retried, resumed_at, held, lane, bytes, traceparent, suspect
          FROM df._worker_claim($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """;

    private const string Release = "SELECT df._worker_release($1, $2, $3)";
    private const string Heartbeat = "SELECT df._worker_heartbeat($1)";
    private const string Rescue = "SELECT df._worker_rescue($1)";
    private const string SetIdle = "SELECT df._worker_set_idle($1, $2)";
    private const string Unregister = "SELECT df._worker_unregister($1)";

    // The settings are those that can change while the worker runs. They are NULL without the extension.
    private const string Now = """
        SELECT pg_catalog.clock_timestamp() AS now, df._worker_setting('min_loop_interval')::pg_catalog.int4 AS min_loop_interval,
               pg_catalog.pg_size_bytes(df._worker_setting('max_result_bytes')) AS max_result_bytes
        """;

    /// <summary>Whether a claim may wait in the server.</summary>
    public bool MayWait => waiting is not null;

    /// <summary>Claims due instances: up to a number of them, oldest first; or a share of each given lane.</summary>
    /// <param name="limit">The maximum number, if there are no shares.</param>
    /// <param name="role">Claims only this role's instances.</param>
    /// <param name="shares">How many to claim of each lane; <c>null</c> claims from all lanes.</param>
    /// <param name="wokenOnly">With shares: claims only instances that waited for something, not those that were just started.</param>
    /// <param name="after">
    /// Leaves out instances that are due since they were started and whose number is not greater: one number, or one for each share.
    /// </param>
    /// <param name="ct">Gives up.</param>
    /// <param name="wait">Waits this long for something to claim, without holding up other statements: see <see cref="MayWait"/>.</param>
    public async Task<List<ClaimedInstance>> ClaimAsync(
        int limit, uint? role, IReadOnlyCollection<KeyValuePair<Lane, int>>? shares, bool wokenOnly, long[] after,
        CancellationToken ct, TimeSpan? wait = null)
    {
        if (wait is not null)
            await FollowDurabilityAsync(ct);
        await using var command = OwnCommand(wait is null ? quick : waiting!, Claim, limit, Nullable(role, NpgsqlDbType.Oid),
            Array(shares?.Select(share => share.Key.Role), NpgsqlDbType.Oid),
            Array(shares?.Select(share => share.Key.Number), NpgsqlDbType.Smallint),
            Array(shares?.Select(share => share.Value), NpgsqlDbType.Integer),
            // An instance that was just started is due since -infinity, which is Npgsql's smallest time.
            new NpgsqlParameter { Value = wokenOnly ? DateTime.UnixEpoch : DateTime.MinValue, NpgsqlDbType = NpgsqlDbType.TimestampTz },
            Nullable((int?)wait?.TotalMilliseconds, NpgsqlDbType.Integer), after);
        return await ReadAsync(command, ReadClaim, ct);
    }

    /// <summary>Returns instances to the queue. They are due again after a delay.</summary>
    public async Task ReturnToQueueAsync(long[] instances, TimeSpan delay, CancellationToken ct)
    {
        if (instances.Length == 0)
            return;
        await using var command = OwnCommand(quick, Release, instances, delay);
        await RunAsync(command, ct);
    }

    /// <summary>Gives a sign of life. Returns the instances that this worker holds; <c>null</c> if it was declared dead.</summary>
    public async Task<long[]?> HeartbeatAsync(CancellationToken ct)
    {
        await using var command = OwnCommand(quick, Heartbeat);
        return await ReadOneAsync(command, row => row.IsDBNull(0) ? null : row.GetFieldValue<long[]>(0), ct);
    }

    /// <summary>Frees what dead workers held, and returns their numbers.</summary>
    public async Task<int[]> RescueAsync(CancellationToken ct)
    {
        await using var command = OwnCommand(quick, Rescue);
        return await ReadValueAsync<int[]>(command, ct);
    }

    /// <summary>Says whether this worker is idle. Starts notify the database's workers only while one of them is.</summary>
    public async Task SetIdleAsync(bool idle, CancellationToken ct)
    {
        await using var command = OwnCommand(quick, SetIdle, idle);
        await RunAsync(command, ct);
    }

    public async Task UnregisterAsync(CancellationToken ct)
    {
        await using var command = OwnCommand(quick, Unregister);
        await RunAsync(command, ct);
    }

    /// <summary>The database's time, and the settings that can change while the worker runs.</summary>
    public async Task<(DateTimeOffset Now, TimeSpan? MinLoopInterval, long? MaxResultBytes)> NowAsync(CancellationToken ct)
    {
        await using var command = Command(quick, Now);
        return await ReadOneAsync(command, row => (
            row.Get<DateTimeOffset>("now"),
            row.Find<int>("min_loop_interval") is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : (TimeSpan?)null,
            row.Find<long>("max_result_bytes")), ct);
    }

    // A row that can't be read is one instance's problem, not that of the instances claimed together with it.
    private static ClaimedInstance ReadClaim(NpgsqlDataReader row)
    {
        try
        {
            return new ClaimedInstance(
                InstanceNo: row.Get<long>("instance_no"), Id: row.Get<string>("id"), GraphId: row.Find<long>("graph_id"),
                RoleOid: row.Get<uint>("role_oid"), RoleName: row.FindText("role_name"), Superuser: row.Find<bool>("superuser") ?? false,
                Resumed: row.Get<bool>("resumed"), Input: row.FindText("input"), Label: row.FindText("label"), Vars: row.FindText("vars"),
                Database: row.FindText("database"), Workflow: row.FindText("workflow"),
                StartedAt: row.Get<DateTimeOffset>("started_at"), Now: row.Get<DateTimeOffset>("now"), Paused: row.Get<bool>("paused"),
                Retried: row.Get<bool>("retried"), ResumedAt: row.Find<DateTimeOffset>("resumed_at"), Held: row.Get<bool>("held"),
                Lane: row.Get<short>("lane"), Bytes: row.Get<long>("bytes"))
            {
                TraceParent = row.FindText("traceparent"),
                WasInHandAtADeath = row.Get<bool>("suspect"),
            };
        }
        catch (Exception e) when (e is not NpgsqlException)
        {
            return new ClaimedInstance(
                InstanceNo: row.Get<long>("instance_no"), Id: row.Get<string>("id"), GraphId: null, RoleOid: row.Get<uint>("role_oid"),
                RoleName: "",
                Superuser: false, Resumed: true, Input: null, Label: null, Vars: null, Database: null, Workflow: null, StartedAt: default,
                Now: row.Get<DateTimeOffset>("now"), Paused: false, Retried: false, ResumedAt: null, Held: row.Get<bool>("held"))
            {
                Defect = e,
            };
        }
    }

    private static NpgsqlParameter Nullable<T>(T? value, NpgsqlDbType type) =>
        new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = type };

    private static NpgsqlParameter Array<T>(IEnumerable<T>? values, NpgsqlDbType type) =>
        Nullable(values?.ToArray(), NpgsqlDbType.Array | type);
}
