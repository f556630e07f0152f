namespace PgDurable.Worker.Engine;

/// <summary>A column of a step's result.</summary>
/// <param name="Name">As the statement calls it.</param>
/// <param name="TypeName">What to cast a literal to, schema-qualified and quoted; null when nothing can be cast to the type.</param>
/// <param name="Member">Its member in the JSON of a row: another one than the name when an earlier column has the same name.</param>
/// <param name="Exact">Values that need more than the JSON.</param>
internal sealed record ResultColumn(string Name, string? TypeName, string Member, ExactTexts? Exact = null)
{
    public ResultColumn(string name, string? typeName)
        : this(name, typeName, name)
    {
    }

    /// <summary>The columns of a result that has one row of this one.</summary>
    public static IReadOnlyList<ResultColumn>? OfRow(IReadOnlyList<ResultColumn>? columns, int row) =>
        columns?.Any(column => column.Exact is not null) == true ? [.. columns.Select(column => column with { Exact = column.Exact?.Only(row) })] : columns;

    /// <summary>A member for each column: <c>n</c>, and for a second <c>n</c> <c>n_2</c>, or whichever of this kind is no column's.</summary>
    public static string[] MembersOf(IReadOnlyList<string> names)
    {
        var members = names.ToArray();
        var taken = new HashSet<string>(names, StringComparer.Ordinal);
        if (taken.Count == names.Count)
            return members;
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < members.Length; i++)
        {
            var number = seen[names[i]] = seen.GetValueOrDefault(names[i]) + 1;
            if (number == 1)
                continue;
            while (!taken.Add(members[i] = FormattableString.Invariant($"{names[i]}_{number}")))
                number++;
            seen[names[i]] = number;
        }
        return members;
    }
}
