namespace PgDurable.Worker.Engine;

/// <summary>A column of a step's result.</summary>
/// <param name="Name">The name that the statement gives it.</param>
/// <param name="TypeName">The type to cast a literal to, schema-qualified and quoted; null if nothing can be cast to the type.</param>
/// <param name="Member">Its member in a row's JSON. It differs from the name if an earlier column has the same name.</param>
/// <param name="Exact">Values that JSON can't represent.</param>
internal sealed record ResultColumn(string Name, string? TypeName, string Member, ExactTexts? Exact = null)
{
    public ResultColumn(string name, string? typeName)
        : this(name, typeName, name)
    {
    }

    /// <summary>The columns of a result that has only one row of this result.</summary>
    public static IReadOnlyList<ResultColumn>? OfRow(IReadOnlyList<ResultColumn>? columns, int row) =>
        columns?.Any(column => column.Exact is not null) == true
            ? [.. columns.Select(column => column with { Exact = column.Exact?.Only(row) })]
            : columns;

    /// <summary>A member for each column: <c>n</c>, and for a second <c>n</c> the first free one of <c>n_2</c>, <c>n_3</c>, ….</summary>
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
