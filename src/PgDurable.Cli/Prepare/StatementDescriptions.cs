using PgDurable.Cli.Check;

namespace PgDurable.Cli.Prepare;

/// <summary>The statements of a build, each with what the server says about it.</summary>
internal sealed class StatementDescriptions(CheckReport report)
{
    private readonly SortedDictionary<string, (StatementEntry Entry, string Place)> _byText = new(StringComparer.Ordinal);

    /// <summary>The entries, sorted by their text.</summary>
    public IReadOnlyList<StatementEntry> Entries => [.. _byText.Values.Select(each => each.Entry)];

    /// <summary>The step that has the statement, or null if none has.</summary>
    public string? PlaceOf(string sql) => _byText.TryGetValue(sql, out var found) ? found.Place : null;

    /// <summary>Adds the statement of a step. Steps with the same text must agree, because the text is the key.</summary>
    public void Add(StatementEntry entry, Finding step)
    {
        if (_byText.TryAdd(entry.Sql, (entry, step.Place)))
            return;
        var (known, place) = _byText[entry.Sql];
        if (known.Agrees(entry))
            return;
        report.Findings.Add(step with
        {
            Message = $"the same text stands for another statement than at {place}: "
                + string.Join("; ", StatementDrift.Between(known, entry)),
            Hint = "Give the two statements different texts, for example by casting a reference.",
        });
    }
}
