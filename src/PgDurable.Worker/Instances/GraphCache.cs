using PgDurable.Graph;
using PgDurable.Worker.Store;

namespace PgDurable.Worker.Instances;

/// <summary>Parsed graphs. Graphs never change, so the cache needs a bound but no invalidation.</summary>
internal sealed class GraphCache(WorkerStore store)
{
    private const int Capacity = 1000;
    private const int LongText = 50_000;

    private readonly Dictionary<long, WorkflowGraph> _graphs = [];

    /// <exception cref="GraphFormatException">The graph can't be read.</exception>
    public async Task<WorkflowGraph> GetAsync(long graphId, CancellationToken ct)
    {
        if (_graphs.TryGetValue(graphId, out var known))
            return known;
        if (_graphs.Count >= Capacity)
            _graphs.Clear();
        var text = await store.GraphAsync(graphId, ct);
        // A deep graph takes its time, and the current thread may be the one that serves the sockets.
        return _graphs[graphId] = text.Length < LongText ? WorkflowGraph.Parse(text) : await Task.Run(() => WorkflowGraph.Parse(text), ct);
    }
}
