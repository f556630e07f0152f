using Npgsql;

namespace PgDurable.Cli.Workflows;

/// <summary>Reads the workflows that a role has in the database.</summary>
internal static class DeployedWorkflows
{
    private const string Versions =
        "SELECT v.workflow, v.version, v.content_hash FROM df.workflow_versions v " +
        "WHERE v.owner OPERATOR(pg_catalog.=) pg_catalog.quote_ident(CURRENT_USER)::pg_catalog.regrole ORDER BY v.workflow, v.version";

    private const string Instances =
        "SELECT s.id, s.workflow, s.workflow_version " +
        "FROM df.queue q JOIN df.submissions s ON s.instance_no OPERATOR(pg_catalog.=) q.instance_no " +
        "WHERE s.workflow IS NOT NULL " +
        "AND s.submitted_by OPERATOR(pg_catalog.=) pg_catalog.quote_ident(CURRENT_USER)::pg_catalog.regrole " +
        "ORDER BY s.workflow, s.workflow_version, s.instance_no";

    private const string Obstacles =
        "SELECT i.id, df.move_problem(i.id, $2) FROM pg_catalog.unnest($1) i (id)";

    public static async Task<IReadOnlyList<DeployedVersion>> VersionsAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var all = new List<DeployedVersion>();
        await using var command = new NpgsqlCommand(Versions, connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            all.Add(new(reader.GetString(0), reader.GetInt32(1), reader.GetString(2)));
        return all;
    }

    /// <summary>Says which instances can't be migrated to the version of the build that new starts use, and why.</summary>
    public static async Task<WorkflowDiff> WithObstaclesAsync(
        NpgsqlConnection connection, WorkflowDiff diff, IReadOnlyList<Registrant> build, CancellationToken ct)
    {
        var obstacles = new Dictionary<string, string?>();
        foreach (var group in diff.Instances.Where(each => each.Target is not null).GroupBy(each => (each.Workflow, each.Target)))
        {
            var target = build.Single(each => each.Name == group.Key.Workflow && each.Version == group.Key.Target);
            await using var command = new NpgsqlCommand(Obstacles, connection)
            {
                Parameters = { new() { Value = group.Select(each => each.InstanceId).ToArray() }, new() { Value = target.Graph } },
            };
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
                obstacles[reader.GetString(0)] = reader.IsDBNull(1) ? null : reader.GetString(1);
        }

        return diff with { Instances = [.. diff.Instances.Select(Explained)] };

        InstanceEffect Explained(InstanceEffect each) => !obstacles.TryGetValue(each.InstanceId, out var obstacle) ? each : each with
        {
            Obstacle = obstacle,
            Explanation = $"{each.Explanation}; {(obstacle is null ? "can be migrated" : $"can't be migrated now: {obstacle}")}",
        };
    }

    /// <summary>Returns the instances of registered workflows that haven't ended.</summary>
    public static async Task<IReadOnlyList<RunningInstance>> InstancesAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var all = new List<RunningInstance>();
        await using var command = new NpgsqlCommand(Instances, connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            all.Add(new(reader.GetString(0), reader.GetString(1), reader.GetInt32(2)));
        return all;
    }
}

/// <summary>A registered version.</summary>
/// <param name="Name">The workflow's name.</param>
/// <param name="Version">The version.</param>
/// <param name="ContentHash">The SHA-256 hash of its graph.</param>
internal sealed record DeployedVersion(string Name, int Version, string ContentHash);

/// <summary>An instance that hasn't ended.</summary>
/// <param name="InstanceId">The instance's id.</param>
/// <param name="Workflow">The workflow's name.</param>
/// <param name="Version">The version that the instance runs.</param>
internal sealed record RunningInstance(string InstanceId, string Workflow, int Version);
