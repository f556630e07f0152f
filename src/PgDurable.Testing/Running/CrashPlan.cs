namespace PgDurable.Testing.Running;

/// <summary>Decides when the worker crashes.</summary>
internal sealed class CrashPlan
{
    private readonly List<Entry> _entries = [];

    public enum Moment
    {
        /// <summary>The step has run, but isn't committed.</summary>
        During,

        /// <summary>The end of the step is recorded, but nothing that follows from it has happened.</summary>
        After,
    }

    /// <summary>Whether the worker crashes after every step.</summary>
    public bool Always { get; set; }

    public IEnumerable<string> Steps => _entries.Select(entry => entry.Step);

    public void Add(Moment moment, string step, int attempt) => _entries.Add(new Entry(moment, step, attempt));

    /// <summary>Returns whether the worker crashes now.</summary>
    public bool Strikes(Moment moment, Graph.Node node)
    {
        var strikes = Always && moment == Moment.After;
        foreach (var entry in _entries)
        {
            if (entry.Moment != moment || entry.IsDone || !StepNames.Match(entry.Step, node))
                continue;
            if (++entry.Seen != entry.Attempt)
                continue;
            entry.IsDone = strikes = true;
        }
        return strikes;
    }

    private sealed class Entry(Moment moment, string step, int attempt)
    {
        public Moment Moment => moment;

        public string Step => step;

        public int Attempt => attempt;

        public int Seen { get; set; }

        public bool IsDone { get; set; }
    }
}
