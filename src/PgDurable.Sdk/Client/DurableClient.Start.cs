using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Npgsql;
using NpgsqlTypes;

namespace PgDurable;

// Starts definitions, registered workflows and graphs.
public sealed partial class DurableClient
{
    /// <summary>Starts a workflow without a result.</summary>
    /// <typeparam name="TIn">The type of the input.</typeparam>
    /// <param name="definition">The generated <c>Definition</c>.</param>
    /// <param name="input">The input.</param>
    /// <param name="options">Label, idempotency key and other options.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>The started instance.</returns>
    public async Task<WorkflowHandle> StartAsync<TIn>(
        WorkflowDefinition<TIn> definition, TIn input, StartOptions? options = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return new(this, await StartDefinitionAsync(definition, input, options, ct).ConfigureAwait(false), definition);
    }

    /// <summary>Starts a workflow with a result.</summary>
    /// <typeparam name="TIn">The type of the input.</typeparam>
    /// <typeparam name="TOut">The type of the result.</typeparam>
    /// <param name="definition">The generated <c>Definition</c>.</param>
    /// <param name="input">The input.</param>
    /// <param name="options">Label, idempotency key and other options.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>The started instance.</returns>
    public async Task<WorkflowHandle<TOut>> StartAsync<TIn, TOut>(
        WorkflowDefinition<TIn, TOut> definition, TIn input, StartOptions? options = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var instanceId = await StartDefinitionAsync(definition, input, options, ct).ConfigureAwait(false);
        return new(this, instanceId, definition, definition.ReadResult);
    }

    /// <summary>Starts a graph that isn't a compiled workflow.</summary>
    /// <param name="graphOrSql">A graph as JSON, or a single SQL statement.</param>
    /// <param name="label">The label that <c>df.instances</c> shows.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>The started instance.</returns>
    public Task<WorkflowHandle> StartAsync(string graphOrSql, string? label = null, CancellationToken ct = default) =>
        StartAsync(graphOrSql, new StartOptions { Label = label }, input: null, ct);

    /// <summary>Starts a graph that isn't a compiled workflow, with an input.</summary>
    /// <param name="graphOrSql">A graph as JSON, or a single SQL statement.</param>
    /// <param name="options">Label, idempotency key and other options.</param>
    /// <param name="input">The JSON that steps refer to as <c>$input</c>, or null for none.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>The started instance.</returns>
    public async Task<WorkflowHandle> StartAsync(
        string graphOrSql, StartOptions options, string? input = null, CancellationToken ct = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(graphOrSql);
        ArgumentNullException.ThrowIfNull(options);
        return new(this, await StartGraphAsync(graphOrSql, workflow: null, input, options, sources: [], ct).ConfigureAwait(false));
    }

    /// <summary>Starts a graph that was composed at run time.</summary>
    /// <param name="graph">The graph. The database validates it as <see cref="DfNode.Validate"/> does.</param>
    /// <param name="label">The label that <c>df.instances</c> shows.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>The started instance.</returns>
    public Task<WorkflowHandle> StartAsync(DfNode graph, string? label = null, CancellationToken ct = default) =>
        StartAsync(graph, new StartOptions { Label = label }, input: null, ct);

    /// <summary>Starts a graph that was composed at run time, with an input.</summary>
    /// <param name="graph">The graph. The database validates it as <see cref="DfNode.Validate"/> does.</param>
    /// <param name="options">Label, idempotency key and other options.</param>
    /// <param name="input">The JSON that steps refer to as <c>$input</c>, or null for none.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>The started instance.</returns>
    public Task<WorkflowHandle> StartAsync(DfNode graph, StartOptions options, string? input = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return StartAsync(graph.ToJson(), options, input, ct);
    }

    /// <summary>Starts a registered workflow by its name. The cost doesn't depend on the size of the graph.</summary>
    /// <param name="name">The name under which the connected role registered the workflow.</param>
    /// <param name="input">The JSON that steps refer to as <c>$input</c>, or null for none.</param>
    /// <param name="version">The version, or null for the newest.</param>
    /// <param name="options">Label, idempotency key and other options. <see cref="StartOptions.Database"/> must be null.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>The started instance.</returns>
    /// <exception cref="WorkflowNotRegisteredException">The role hasn't registered this workflow, or not this version of it.</exception>
    public async Task<WorkflowHandle> StartByNameAsync(
        string name, string? input = null, int? version = null, StartOptions? options = null, CancellationToken ct = default) =>
        new(this, await StartRegisteredAsync(name, version, input, options, ct).ConfigureAwait(false));

    /// <summary>Starts a registered workflow by its name, with a typed input.</summary>
    /// <typeparam name="TIn">The type of the input.</typeparam>
    /// <param name="name">The name under which the connected role registered the workflow.</param>
    /// <param name="input">
    /// The input. Steps refer to it as <c>$input</c>, so its members must have the names that the workflow uses (snake_case).
    /// </param>
    /// <param name="inputType">
    /// How to serialize the input, from a <see cref="System.Text.Json.Serialization.JsonSerializerContext"/>.
    /// </param>
    /// <param name="version">The version, or null for the newest.</param>
    /// <param name="options">Label, idempotency key and other options. <see cref="StartOptions.Database"/> must be null.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>The started instance.</returns>
    /// <exception cref="WorkflowNotRegisteredException">The role hasn't registered this workflow, or not this version of it.</exception>
    public Task<WorkflowHandle> StartByNameAsync<TIn>(
        string name, TIn input, JsonTypeInfo<TIn> inputType, int? version = null, StartOptions? options = null,
        CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(inputType);
        return StartByNameAsync(name, JsonSerializer.Serialize(input, inputType), version, options, ct);
    }

    /// <summary>
    /// Starts the registered version of a workflow without a result: the graph that was registered with the definition's name and version.
    /// The graph isn't sent again.
    /// </summary>
    /// <typeparam name="TIn">The type of the input.</typeparam>
    /// <param name="definition">The generated <c>Definition</c>.</param>
    /// <param name="input">The input.</param>
    /// <param name="options">Label, idempotency key and other options. <see cref="StartOptions.Database"/> must be null.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>The started instance.</returns>
    /// <exception cref="WorkflowNotRegisteredException">The connected role hasn't registered this version.</exception>
    public async Task<WorkflowHandle> StartByNameAsync<TIn>(
        WorkflowDefinition<TIn> definition, TIn input, StartOptions? options = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return new(this, await StartVersionAsync(definition, input, options, ct).ConfigureAwait(false), definition);
    }

    /// <summary>
    /// Starts the registered version of a workflow with a result: the graph that was registered with the definition's name and version. The
    /// graph isn't sent again.
    /// </summary>
    /// <typeparam name="TIn">The type of the input.</typeparam>
    /// <typeparam name="TOut">The type of the result.</typeparam>
    /// <param name="definition">The generated <c>Definition</c>.</param>
    /// <param name="input">The input.</param>
    /// <param name="options">Label, idempotency key and other options. <see cref="StartOptions.Database"/> must be null.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>The started instance.</returns>
    /// <exception cref="WorkflowNotRegisteredException">The connected role hasn't registered this version.</exception>
    public async Task<WorkflowHandle<TOut>> StartByNameAsync<TIn, TOut>(
        WorkflowDefinition<TIn, TOut> definition, TIn input, StartOptions? options = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var instanceId = await StartVersionAsync(definition, input, options, ct).ConfigureAwait(false);
        return new(this, instanceId, definition, definition.ReadResult);
    }

    private Task<string> StartDefinitionAsync<TIn>(
        WorkflowDefinition<TIn> definition, TIn input, StartOptions? options, CancellationToken ct) =>
        StartGraphAsync(definition.GraphJson, definition.Name, definition.WriteInput(input), options, definition.Sources, ct);

    private Task<string> StartVersionAsync<TIn>(
        WorkflowDefinition<TIn> definition, TIn input, StartOptions? options, CancellationToken ct) =>
        StartRegisteredAsync(definition.Name, definition.Version, definition.WriteInput(input), options, ct);

    private Task<string> StartGraphAsync(
        string graph, string? workflow, string? input, StartOptions? options, IReadOnlyList<string?> sources, CancellationToken ct) =>
        StartAsync(
            new(ClientTelemetry.Start, Workflow: workflow), options, ct, ClientSql.Start, ClientSql.StartWithTags,
            Text(graph), Text(options?.Label ?? workflow), Text(options?.Database), Json(input), Text(options?.IdempotencyKey),
            Time(options?.StartAt), Parameter(sources.Count == 0 ? null : sources.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text),
            Text(Trace));

    private Task<string> StartRegisteredAsync(
        string name, int? version, string? input, StartOptions? options, CancellationToken ct)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (options?.Database is not null)
        {
            throw new ArgumentException(
                "A registered workflow runs in the database that it is registered in: StartOptions.Database must be null.",
                nameof(options));
        }
        return StartAsync(
            new(ClientTelemetry.Start, Workflow: name, Version: version), options, ct,
            ClientSql.StartByName, ClientSql.StartByNameWithTags,
            Text(name), Json(input), Text(options?.Label ?? name), Text(options?.IdempotencyKey), Parameter(version, NpgsqlDbType.Integer),
            Time(options?.StartAt), Text(Trace));
    }

    private async Task<string> StartAsync(
        ClientCall call, StartOptions? options, CancellationToken ct, string sql, string sqlWithTags,
        params NpgsqlParameter[] parameters) =>
        (string)(await (options?.Tags is { Count: > 0 } tags
            ? ScalarAsync(call, ct, sqlWithTags, [.. parameters, Json(TagsText(tags))])
            : ScalarAsync(call, ct, sql, parameters)).ConfigureAwait(false))!;

    private static string TagsText(IReadOnlyDictionary<string, string> tags) => JsonValueText.Write(
        static (writer, all) =>
        {
            writer.WriteStartObject();
            foreach (var (key, value) in all)
                writer.WriteString(key, value ?? throw new ArgumentException($"The tag \"{key}\" has no value.", "options"));
            writer.WriteEndObject();
        },
        tags);

    // Empty if there is no trace. The spans of the instance's steps become part of it.
    private static string Trace => Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } id } ? id : "";
}
