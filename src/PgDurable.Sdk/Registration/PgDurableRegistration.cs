using Npgsql;
using NpgsqlTypes;

namespace PgDurable;

/// <summary>
/// Registers workflows in a database, when an application is deployed. A registered workflow can be started by its name, from C# and from SQL, by
/// <c>df.call</c> and by schedules, and shows its name and version wherever its instances are shown.
/// </summary>
/// <remarks>A workflow belongs to the role that registers it: only that role can start it.</remarks>
public static class PgDurableRegistration
{
    private const string Register = "SELECT df.register_workflow(name => $1, graph => $2, version => $3, description => $4, sources => $5)";

    /// <summary>
    /// Registers workflows for the connected role, all or none: in the transaction that is open on the connection, otherwise in one of its own. What is registered
    /// already is left as it is, so it can be called at every start of an application, by many at the same time.
    /// </summary>
    /// <param name="connection">An open connection to the database that has the schema <c>df</c>.</param>
    /// <param name="definitions">The workflows: the generated <c>PgDurableWorkflows.All</c>, or some of them.</param>
    /// <param name="ct">Gives up; nothing is registered then.</param>
    /// <returns>A task that ends when they are registered.</returns>
    /// <exception cref="WorkflowChangedException">A version is registered with another graph.</exception>
    /// <exception cref="ArgumentException">There are two different workflows of the same name and version.</exception>
    /// <exception cref="PostgresException">The schema is not there, the role may not use it, or a graph is not valid.</exception>
    public static Task RegisterAsync(NpgsqlConnection connection, IEnumerable<WorkflowDefinition> definitions, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return RegisterAsync(connection, Registrant.Sorted(definitions), ct);
    }

    /// <summary>
    /// Writes a SQL script that registers workflows: one statement, so all or none, after comments for whoever reviews it. It is safe to run again, and runs in
    /// psql, Flyway, DbUp (with variables disabled) and dbmate.
    /// </summary>
    /// <param name="definitions">The workflows: the generated <c>PgDurableWorkflows.All</c>, or some of them.</param>
    /// <param name="role">The role that the workflows are to belong to, which whoever runs the script must be a member of; null for the one that runs it.</param>
    /// <returns>The script.</returns>
    /// <exception cref="ArgumentException">There are two different workflows of the same name and version.</exception>
    public static string Script(IEnumerable<WorkflowDefinition> definitions, string? role = null) =>
        RegistrationScript.WriteWithComments(Registrant.Sorted(definitions), role);

    /// <summary>
    /// Writes a SQL script that removes these versions of workflows: one statement, so all or none. Those that are not registered are passed over; it fails while
    /// instances run one of them.
    /// </summary>
    /// <param name="definitions">The workflows.</param>
    /// <param name="role">The role that the workflows belong to; null for the one that runs the script.</param>
    /// <returns>The script.</returns>
    /// <exception cref="ArgumentException">There are two different workflows of the same name and version.</exception>
    public static string DropScript(IEnumerable<WorkflowDefinition> definitions, string? role = null) =>
        RegistrationScript.WriteDrop(Registrant.Sorted(definitions), role);

    internal static async Task RegisterAsync(NpgsqlConnection connection, IReadOnlyList<Registrant> sorted, CancellationToken ct)
    {
        if (sorted.Count == 0)
            return;
        // A batch is a transaction, unless there is one already.
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

    // A data source tells which command of a batch failed only when its connection string asks for that.
    private static string Changed(Registrant each) => $"version {each.Version} of workflow \"{each.Name}\" is registered with another graph";
}
