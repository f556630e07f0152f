namespace PgDurable.Generators.Lock;

/// <summary>Compares an activity with its locked shape.</summary>
internal sealed class ShapeChange
{
    private readonly List<string> _problems = [];

    /// <param name="locked">The shape in the lock file.</param>
    /// <param name="current">The shape of the code.</param>
    public ShapeChange(ActivityShape locked, ActivityShape current)
    {
        Compare(locked.Input, current.Input, "the input");
        if (locked.Result is { } before && current.Result is { } now)
            Compare(before, now, "the result");
        else if (locked.Result is not null)
            _problems.Add("it no longer has a result");
        else if (current.Result is not null)
            _problems.Add("it didn't have a result");
    }

    /// <summary>Why JSON of the locked shape doesn't fit; empty if it does.</summary>
    public string Problem => string.Join(", and ", _problems);

    /// <summary>Whether there are new members. Without a problem, these may be missing.</summary>
    public bool HasNewMembers { get; private set; }

    private void Compare(Shape locked, Shape current, string place)
    {
        switch (locked, current)
        {
            case (Shape.Scalar before, Shape.Scalar now) when before.Kind == now.Kind:
            case (Shape.Outer outer, Shape.Outer same) when outer.Levels == same.Levels:
                break;
            case (Shape.List before, Shape.List now):
                Compare(before.Element, now.Element, $"an element of {place}");
                break;
            case (Shape.Object before, Shape.Object now):
                Compare(before, now, place);
                break;
            default:
                _problems.Add($"{place} was {locked.Describe()} and is now {current.Describe()}");
                return;
        }

        if (locked.MayBeNull && !current.MayBeNull)
            _problems.Add($"{place} was nullable and no longer is");
        else if (current.MayBeNull && !locked.MayBeNull)
            _problems.Add($"{place} wasn't nullable and now is");
    }

    private void Compare(Shape.Object locked, Shape.Object current, string place)
    {
        foreach (var (name, before) in locked.Members)
        {
            if (current.Find(name) is { } now)
                Compare(before, now, $"'{name}' in {place}");
            else
                _problems.Add($"{place} no longer has '{name}'");
        }

        foreach (var (name, now) in current.Members.Where(member => locked.Find(member.Name) is null))
        {
            HasNewMembers = true;
            if (!now.MayBeNull)
                _problems.Add($"'{name}' in {place} is new but not nullable");
        }
    }
}
