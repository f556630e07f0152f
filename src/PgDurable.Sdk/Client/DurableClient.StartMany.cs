using Npgsql;
using NpgsqlTypes;

namespace PgDurable;

// Starts many instances of a registered workflow at once.
public sealed partial class DurableClient
{
    /// <summary>
    /// Starts an instance of the registered version of a workflow without a result for each input: all or none, in one statement.
    /// </summary>
    /// <typeparam name="TIn">The type of the inputs.</typeparam>
    /// <param name="definition">The generated <c>Definition</c>.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="options">Labels, idempotency keys and other options.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>The started instances, in the order of the inputs.</returns>
    /// <exception cref="WorkflowNotRegisteredException">The connected role hasn't registered this version.</exception>
    public async Task<IReadOnlyList<WorkflowHandle>> StartManyAsync<TIn>(
        WorkflowDefinition<TIn> definition, IEnumerable<TIn> inputs, StartManyOptions? options = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(inputs);
        var ids = await StartManyAsync(definition.Name, definition.Version, [.. inputs.Select(definition.WriteInput)], options, ct)
            .ConfigureAwait(false);
        return Array.ConvertAll(ids, id => new WorkflowHandle(this, id, definition));
    }

    /// <summary>
    /// Starts an instance of the registered version of a workflow with a result for each input: all or none, in one statement.
    /// </summary>
    /// <typeparam name="TIn">The type of the inputs.</typeparam>
    /// <typeparam name="TOut">The type of the result.</typeparam>
    /// <param name="definition">The generated <c>Definition</c>.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="options">Labels, idempotency keys and other options.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>The started instances, in the order of the inputs.</returns>
    /// <exception cref="WorkflowNotRegisteredException">The connected role hasn't registered this version.</exception>
    public async Task<IReadOnlyList<WorkflowHandle<TOut>>> StartManyAsync<TIn, TOut>(
        WorkflowDefinition<TIn, TOut> definition, IEnumerable<TIn> inputs, StartManyOptions? options = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(inputs);
        var ids = await StartManyAsync(definition.Name, definition.Version, [.. inputs.Select(definition.WriteInput)], options, ct)
            .ConfigureAwait(false);
        return Array.ConvertAll(ids, id => new WorkflowHandle<TOut>(this, id, definition, definition.ReadResult));
    }

    /// <summary>Starts an instance of a registered workflow for each input, by its name: all or none, in one statement.</summary>
    /// <param name="name">The name under which the connected role registered the workflow.</param>
    /// <param name="inputs">For each instance the JSON that steps refer to as <c>$input</c>, or null for none.</param>
    /// <param name="version">The version, or null for the newest.</param>
    /// <param name="options">Labels, idempotency keys and other options.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>The started instances, in the order of the inputs.</returns>
    /// <exception cref="WorkflowNotRegisteredException">The role hasn't registered this workflow, or not this version of it.</exception>
    public async Task<IReadOnlyList<WorkflowHandle>> StartManyAsync(
        string name, IEnumerable<string?> inputs, int? version = null, StartManyOptions? options = null, CancellationToken ct = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(inputs);
        return Array.ConvertAll(
            await StartManyAsync(name, version, [.. inputs], options, ct).ConfigureAwait(false), id => new WorkflowHandle(this, id));
    }

    private Task<string[]> StartManyAsync(
        string name, int? version, string?[] inputs, StartManyOptions? options, CancellationToken ct)
    {
        const NpgsqlDbType texts = NpgsqlDbType.Array | NpgsqlDbType.Text;
        RequireOneForEach(inputs, options?.Labels, nameof(StartManyOptions.Labels));
        RequireOneForEach(inputs, options?.IdempotencyKeys, nameof(StartManyOptions.IdempotencyKeys));
        RequireOneForEach(inputs, options?.Tags, nameof(StartManyOptions.Tags));
        string[] labels = [.. Enumerable.Range(0, inputs.Length).Select(i => options?.Labels?[i] ?? name)];
        NpgsqlParameter[] parameters =
        [
            Text(name), Parameter(inputs, NpgsqlDbType.Array | NpgsqlDbType.Jsonb), Parameter(labels, texts),
            Parameter(options?.IdempotencyKeys?.ToArray(), texts), Parameter(version, NpgsqlDbType.Integer), Time(options?.StartAt),
            Text(Trace),
        ];
        string?[]? tags = options?.Tags?.Select(each => each is { Count: > 0 } ? TagsText(each) : null).ToArray();
        var command = tags is null
            ? Command(ClientSql.StartMany, parameters)
            : Command(ClientSql.StartManyWithTags, [.. parameters, Parameter(tags, NpgsqlDbType.Array | NpgsqlDbType.Jsonb)]);
        return CallAsync(
            new(ClientTelemetry.StartMany, Workflow: name, Version: version), command,
            async started => (string[])(await started.ExecuteScalarAsync(ct).ConfigureAwait(false))!);
    }

    private static void RequireOneForEach<T>(string?[] inputs, IReadOnlyList<T>? values, string option)
    {
        if (values is not null && values.Count != inputs.Length)
        {
            throw new ArgumentException(
                $"There are {inputs.Length} inputs, but StartManyOptions.{option} has {values.Count} elements. Give one for each input.",
                "options");
        }
    }
}
