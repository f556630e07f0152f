using Npgsql;
using NpgsqlTypes;

namespace PgDurable;

/// <summary>
/// Registers workflows in a database when an application is deployed. A registered workflow can be started by its name: from C#, from SQL,
/// by <c>df.call</c> and by schedules. Its instances are listed with its name and version.
/// </summary>
/// <remarks>A workflow belongs to the role that registers it. Only that role can start it.</remarks>
public static class PgDurableRegistration
{
    private const string Register =
        "SELECT df.register_workflow(name => $1, graph => $2, version => $3, description => $4, sources => $5, replace => $6)";

    /// <summary>
    /// Registers workflows for the connected role, either all or none of them. Uses the transaction that is open on the connection, or else
    /// its own. Workflows that are already registered don't change, so every instance of an application can call this whenever it starts,
    /// even concurrently.
    /// </summary>
    /// <param name="connection">An open connection to the database that has the schema <c>df</c>.</param>
    /// <param name="definitions">The workflows: the generated <c>PgDurableWorkflows.All</c>, or some of them.</param>
    /// <param name="overwrite">
    /// Which registered versions may get another graph. Instances that have already started keep the graph that they started with. Anything
    /// but <see cref="Overwrite.Never"/> is for development.
    /// </param>
    /// <param name="ct">Cancels the registration. Nothing is registered then.</param>
    /// <returns>A task that completes once the workflows are registered.</returns>
    /// <exception cref="WorkflowChangedException">
    /// A version is already registered with a different graph, and must not be overwritten.
    /// </exception>
    /// <exception cref="ArgumentException">Two different workflows have the same name and version.</exception>
    /// <exception cref="PostgresException">The schema doesn't exist, the role isn't allowed to use it, or a graph is invalid.</exception>
    public static Task RegisterAsync(
        NpgsqlConnection connection, IEnumerable<WorkflowDefinition> definitions, Overwrite overwrite = Overwrite.Never,
        CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return RegisterAsync(connection, Registrant.Sorted(definitions), overwrite, ct);
    }

    /// <summary>
    /// Returns a SQL script that registers workflows. It is a single statement, so it registers either all or none of them, and it starts
    /// with comments for reviewers. It is safe to run again, and it runs in psql, Flyway, DbUp (with variables disabled) and dbmate.
    /// </summary>
    /// <param name="definitions">The workflows: the generated <c>PgDurableWorkflows.All</c>, or some of them.</param>
    /// <param name="role">
    /// The role that will own the workflows, or null for the role that runs the script. The role that runs the script must be a member of
    /// it.
    /// </param>
    /// <returns>The script.</returns>
    /// <exception cref="ArgumentException">Two different workflows have the same name and version.</exception>
    public static string Script(IEnumerable<WorkflowDefinition> definitions, string? role = null) =>
        RegistrationScript.WriteWithComments(Registrant.Sorted(definitions), role);

    /// <summary>
    /// Returns a SQL script that removes these workflow versions. It is a single statement, so it removes either all or none of them. It
    /// skips versions that aren't registered, and fails if an instance of one of them is still running.
    /// </summary>
    /// <param name="definitions">The workflows.</param>
    /// <param name="role">The role that owns the workflows, or null for the role that runs the script.</param>
    /// <returns>The script.</returns>
    /// <exception cref="ArgumentException">Two different workflows have the same name and version.</exception>
    public static string DropScript(IEnumerable<WorkflowDefinition> definitions, string? role = null) =>
        RegistrationScript.WriteDrop(Registrant.Sorted(definitions), role);

    internal static async Task RegisterAsync(
        NpgsqlConnection connection, IReadOnlyList<Registrant> sorted, Overwrite overwrite, CancellationToken ct)
    {
        if (sorted.Count == 0)
            return;
        // A batch is a transaction, unless one is already open.
        await using var batch = new NpgsqlBatch(connection);
        foreach (var each in sorted)
        {
            batch.BatchCommands.Add(new(Register)
            {
                Parameters =
                {
                    new() { Value = each.Name, NpgsqlDbType = NpgsqlDbType.Text },
                    new() { Value = each.Graph, NpgsqlDbType = NpgsqlDbType.Text },
                    new() { Value = each.Version, NpgsqlDbType = NpgsqlDbType.Integer },
                    new() { Value = each.Description ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                    new()
                    {
                        Value = each.Sources.Count == 0 ? DBNull.Value : each.Sources.ToArray(),
                        NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
                    },
                    new()
                    {
                        Value = overwrite == Overwrite.Unreleased && !each.IsReleased, NpgsqlDbType = NpgsqlDbType.Boolean,
                    },
                },
            });
        }

        try
        {
            await batch.ExecuteNonQueryAsync(ct).ConfigureAwait(false);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.DuplicateObject
            && sorted.FirstOrDefault(each => Changed(each) == error.MessageText) is { } changed)
        {
            throw new WorkflowChangedException(changed.Name, changed.Version, error);
        }
    }

    // Npgsql tells which command of a batch failed only if the connection string asks for it, so compare the message.
    private static string Changed(Registrant each) =>
        $"version {each.Version} of workflow \"{each.Name}\" is registered with another graph";
}
