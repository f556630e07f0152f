using System.Collections.Immutable;

namespace PgDurable.Worker.Engine;

/// <summary>
/// The results of an instance that are still needed, and therefore in memory: those with a name that is still visible, and those that a
/// node has collected.
/// </summary>
internal static class HeldResults
{
    /// <summary>Their size, in characters of JSON.</summary>
    public static long Measure(WorkflowState state)
    {
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        long size = 0;
        void Add(StepResult result)
        {
            if (seen.Add(result))
                size += result.Json.Length;
        }
        void AddNames(ImmutableDictionary<string, StepResult> names)
        {
            if (!seen.Add(names))
                return;
            foreach (var result in names.Values)
                Add(result);
        }
        AddNames(state.Root.Names);
        foreach (var undo in state.Undos.Entries)
            AddNames(undo.Names);
        foreach (var open in state.InFlight.Values)
            for (var frame = open.Frame; frame is not null && seen.Add(frame); frame = frame.Parent)
            {
                AddNames(frame.Scope.Names);
                foreach (var undo in WorkflowEngine.UndosIn(frame)?.Entries ?? [])
                    AddNames(undo.Names);
                if (frame.State is not ICollectsResults collected)
                    continue;
                foreach (var result in collected.Results)
                    Add(result);
            }
        return size;
    }
}

/// <summary>What a node remembers, if that includes results.</summary>
internal interface ICollectsResults
{
    IEnumerable<StepResult> Results { get; }
}
