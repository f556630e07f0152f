using System.Collections.Immutable;

namespace PgDurable.Worker.Engine;

/// <summary>The named results that steps see. Each branch has its own scope, which begins as a copy.</summary>
internal sealed class Scope(ImmutableDictionary<string, StepResult> names)
{
    private ImmutableHashSet<string> _touched = ImmutableHashSet.Create<string>(StringComparer.Ordinal);

    public ImmutableDictionary<string, StepResult> Names { get; private set; } = names;

    /// <summary>The names that were bound here, not before.</summary>
    public IEnumerable<string> Touched => _touched.Order(StringComparer.Ordinal);

    public void Bind(string name, StepResult result)
    {
        Names = Names.SetItem(name, result);
        _touched = _touched.Add(name);
    }

    public Scope Branch() => new(Names);

    /// <summary>Takes over the names that a branch bound, but not those that it only saw.</summary>
    public void Merge(Scope branch, string? except = null)
    {
        foreach (var name in branch.Touched)
            if (name != except)
                Bind(name, branch.Names[name]);
    }
}
